// Socket.IO by hand: packets as they stand on the wire, over a raw WebSocket or over polling.
import assert from "node:assert/strict";
import { openWebSocket, Polling } from "./engine.mjs";

export const good = '{"token":"good"}';

// A WebSocket connected to a namespace of a server in app mode, past its hello; `.socketId`, `.pid`.
export async function openApp(server, { nsp = "", auth = good } = {}) {
  const ws = await openWebSocket(server);
  await join(ws, { nsp, auth });
  return ws;
}

export async function join(ws, { nsp = "", auth = good } = {}) {
  const at = nsp && `${nsp},`;
  ws.send(`40${at}${auth}`);
  const answer = await ws.next();
  assert.ok(answer.startsWith(`40${at}{`), answer);
  const { sid, pid } = JSON.parse(answer.slice(2 + at.length));
  ws.socketId = sid;
  ws.pid = pid;
  const hello = await ws.next();
  assert.ok(hello.startsWith(`42${at}["hello",`), hello);
  return ws;
}

// A polling session connected in app mode, past its hello.
export async function openAppPolling(server) {
  const session = await Polling.open(server);
  await session.post(`40${good}`);
  assert.match(await session.next(), /^40\{/);
  assert.match(await session.next(), /^42\["hello"/);
  return session;
}

// Sends an event with an ack and waits for it; what comes before it is returned, too.
let lastAck = 1000;
export async function call(ws, ...args) {
  const id = ++lastAck;
  ws.send(`42${id}${JSON.stringify(args)}`);
  const before = [];
  for (;;) {
    const packet = await ws.next(5000, `the ack of ${args[0]}`);
    if (typeof packet === "string" && packet.startsWith(`43${id}[`))
      return { args: JSON.parse(packet.slice(`43${id}`.length)), before };
    before.push(packet);
  }
}
