// Socket.IO: events and acknowledgements that hold bytes (rule S9).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openWebSocket, Polling } from "./support/engine.mjs";
import { betterThanReference, serverForTests } from "./support/server.mjs";
import { call, join, openApp } from "./support/socket.mjs";

const server = await serverForTests("app");
const at = (num) => `{"_placeholder":true,"num":${num}}`;

// What a header and its attachments mean.
async function receive(ws) {
  const header = await ws.next();
  const [, head, count, rest] = /^4([56])(\d+)-(.*)$/s.exec(header) ?? assert.fail(`no binary packet: ${header}`);
  const attachments = [];
  while (attachments.length < Number(count)) attachments.push(await ws.next());
  for (const bytes of attachments) assert.ok(Buffer.isBuffer(bytes), `between the attachments: ${bytes}`);
  const [, place, json] = /^((?:\/[^,]*,)?\d*)(\[.*)$/s.exec(rest);
  const put = (key, value) => (value?._placeholder ? attachments[value.num].toString("hex") : value);
  return { type: head, count: Number(count), place, args: JSON.parse(json, put) };
}

describe("bytes", { concurrency: true }, () => {
  test("come back with an event", async () => {
    const ws = await openApp(server);
    ws.send(`451-["message",${at(0)}]`, Buffer.from([1, 2, 3]));
    assert.equal(await ws.next(), `451-["message-back",${at(0)}]`);
    assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3]));
    ws.end();
  });

  test("come back with an acknowledgement, anywhere in the tree", async () => {
    const ws = await openApp(server);
    ws.send(`453-12["echo",{"a":[${at(0)},"x"],"b":{"c":${at(1)}}},${at(2)}]`,
            Buffer.from([1]), Buffer.alloc(0), Buffer.from([3, 4]));
    const { type, place, args } = await receive(ws);
    assert.deepEqual([type, place, args], ["6", "12", [{ a: ["01", "x"], b: { c: "" } }, "0304"]]);
    ws.end();
  });

  test("may be numbered in any order", async () => {
    const ws = await openApp(server);
    ws.send(`452-["message",${at(1)},${at(0)}]`, Buffer.from([0xaa]), Buffer.from([0xbb]));
    assert.deepEqual((await receive(ws)).args, ["message-back", "bb", "aa"]);
    ws.end();
  });

  test("in a namespace", async () => {
    const ws = await openWebSocket(server);
    await join(ws, { nsp: "/custom" });
    ws.send(`451-/custom,7["echo",${at(0)}]`, Buffer.from([9]));
    const { type, place, args } = await receive(ws);
    assert.deepEqual([type, place, args], ["6", "/custom,7", ["09"]]);
    ws.end();
  });

  test("ten attachments are taken", async () => {
    const ws = await openApp(server);
    const ten = Array.from({ length: 10 }, (_, i) => i);
    ws.send(`4510-["message",${ten.map(at)}]`, ...ten.map((i) => Buffer.from([i])));
    assert.deepEqual((await receive(ws)).args.slice(1), ten.map((i) => `0${i}`));
    ws.end();
  });

  test("a heartbeat between the attachments is not between them", async () => {
    const ws = await openApp(server);
    ws.send(`452-["message",${at(0)},${at(1)}]`, "3", Buffer.from([1]), "3", Buffer.from([2]));
    assert.deepEqual((await receive(ws)).args, ["message-back", "01", "02"]);
    ws.end();
  });

  test("what looks like a placeholder in text without attachments is data", async () => {
    const ws = await openApp(server);
    ws.send(`42["message",${at(0)}]`);
    assert.equal(await ws.next(), `42["message-back",${at(0)}]`);
    ws.end();
  });

  test("over polling, base64 in the order of the packets", async () => {
    const session = await Polling.open(server);
    await session.post('40{"token":"good"}');
    await session.take(2);
    await session.post(`452-["message",${at(0)},${at(1)}]`, "bAQI=", "bAw==");
    assert.deepEqual(await session.take(3), [`452-["message-back",${at(0)},${at(1)}]`, "bAQI=", "bAw=="]);
    await session.post(`451-["message",${at(0)}]`);
    await session.post("bBAU=");
    assert.deepEqual(await session.take(2), [`451-["message-back",${at(0)}]`, "bBAU="]);
    await session.close();
  });

  test("of a broadcast reach WebSocket and polling alike", async () => {
    const ws = await openApp(server);
    await call(ws, "subscribe", "bytes");
    const session = await Polling.open(server);
    await session.post('40{"token":"good"}');
    await session.take(2);
    await session.post('421["subscribe","bytes"]');
    await session.take(1);
    ws.send(`451-["publish","bytes","blob",{"x":${at(0)}}]`, Buffer.from([5, 6]));
    assert.deepEqual((await receive(ws)).args, ["blob", { x: "0506" }]);
    assert.deepEqual(await session.take(2), [`451-["blob",{"x":${at(0)}}]`, "bBQY="]);
    await session.close();
    ws.end();
  });
});

describe("a header and its attachments are one", () => {
  test("nothing comes between them, however many publish at once", async () => {
    const listener = await openApp(server);
    await call(listener, "subscribe", "crowd");
    const publishers = await Promise.all(Array.from({ length: 8 }, () => openApp(server)));
    const rounds = 50;
    publishers.forEach((ws, who) => {
      for (let i = 0; i < rounds; ++i)
        ws.send(`453-["publish","crowd","blob",[${at(0)},${at(1)},${at(2)}]]`,
                ...[0, 1, 2].map((part) => Buffer.from([who, i, part])), `42["publish","crowd","text",[${who},${i}]]`);
    });
    const next = publishers.map(() => 0);
    for (let left = publishers.length * rounds; left > 0;) {
      const header = await listener.next();
      if (header.startsWith('42["text"')) continue;
      assert.equal(header, `453-["blob",[${at(0)},${at(1)},${at(2)}]]`);
      const [a, b, c] = [await listener.next(), await listener.next(), await listener.next()];
      assert.deepEqual([b[0], b[1], b[2]], [a[0], a[1], 1]);
      assert.deepEqual([c[0], c[1], c[2]], [a[0], a[1], 2]);
      assert.equal(a[1], next[a[0]]++);
      --left;
    }
    for (const ws of [listener, ...publishers]) ws.end();
  });
});

describe("what ends the session", { concurrency: true }, () => {
  const assertEnds = async (...messages) => {
    const ws = await openApp(server);
    ws.send(...messages);
    await ws.closed(3000);
    assert.equal(ws.unread, 0);
  };
  const bytes = Buffer.from([1]);
  const eleven = Array.from({ length: 11 }, (_, i) => i);

  for (const [what, ...messages] of [
    ["a text message between header and attachment", `451-["message",${at(0)}]`, '42["message",1]', bytes],
    ["a second header before the attachment", `451-["message",${at(0)}]`, `451-["message",${at(0)}]`, bytes],
    ["bytes that no header announced", bytes],
    ["more bytes than announced", `451-["other",${at(0)}]`, bytes, bytes],
    ["no count", `45-["message",${at(0)}]`, bytes],
    ["a count without its dash", `451["message",${at(0)}]`, bytes],
    ["a count that is no number", `45x-["message",${at(0)}]`, bytes],
    ["a negative count", `45-1-["message",${at(0)}]`, bytes],
    ["a count of none", `450-["message"]`],
    ["a count of eleven", `4511-["message",${eleven.map(at)}]`, ...eleven.map(() => bytes)],
    ["a count of ten thousand", `4510000-["message",${at(0)}]`, bytes],
    ["a count beyond all numbers", `4599999999999999999999-["message",${at(0)}]`, bytes],
    ["an index that is too high", `451-["message",${at(1)}]`, bytes],
    ["an index below none", `451-["message",${at(-1)}]`, bytes],
    ["an index that is text", `451-["message",${at('"0"')}]`, bytes],
    ["an acknowledgement with such an index", `461-1[${at(3)}]`, bytes],
  ])
    test(what, () => assertEnds(...messages));

  // The reference puts `undefined` there.
  betterThanReference("an index between two", () => assertEnds(`451-["message",${at(0.5)}]`, bytes));
});
