// Engine.IO by hand: requests, a session over polling, a session over a WebSocket.
import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { gunzipSync, inflateSync } from "node:zlib";
import { within } from "./waiting.mjs";
import { Refused, WebSocketWire } from "./wire.mjs";

export const separator = "\x1e";

// One HTTP request to the server's path with that query; { status, headers, body }.
export function ask(server, method, query, { body, headers = {}, agent, path, signal, ms = 5000 } = {}) {
  const target = `${path ?? server.path}${query === undefined ? "" : `?${query}`}`;
  const answer = new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const sent = request({ host: "127.0.0.1", port: server.port, method, path: target, signal,
                           agent: agent ?? new Agent(), headers: { ...length, ...headers } });
    sent.on("response", (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = plain(Buffer.concat(parts), response.headers["content-encoding"]);
        resolve({ status: response.statusCode, headers: response.headers, body: bytes.toString() });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
  return within(ms, `an answer to ${method} ${target}`, answer);
}

function plain(bytes, encoding) {
  if (encoding === "gzip") return gunzipSync(bytes);
  return encoding === "deflate" ? inflateSync(bytes) : bytes;
}

export function assertRefused(response, code, message, status = 400) {
  assert.equal(response.status, status);
  assert.match(response.headers["content-type"], /^application\/json/);
  assert.deepEqual(JSON.parse(response.body), { code, message });
}

// A session over polling. Packets are texts as they stand on the wire.
export class Polling {
  #ahead = [];

  static async open(server, query = "EIO=4&transport=polling") {
    const session = new Polling();
    session.server = server;
    const response = await ask(server, "GET", query);
    assert.equal(response.status, 200, response.body);
    const [open, ...rest] = response.body.split(separator);
    assert.equal(open[0], "0");
    session.#ahead = rest;
    session.offer = JSON.parse(open.slice(1));
    session.sid = session.offer.sid;
    session.query = `EIO=4&transport=polling&sid=${session.sid}`;
    return session;
  }

  get(options) {
    return ask(this.server, "GET", this.query, options);
  }
  postBody(body, options) {
    return ask(this.server, "POST", this.query, { body, headers: { "Content-Type": "text/plain;charset=UTF-8" },
                                                  ...options });
  }
  async post(...packets) {
    const response = await this.postBody(packets.join(separator));
    assert.deepEqual([response.status, response.body], [200, "ok"]);
  }
  // The packets of one GET that must succeed.
  async poll(ms = 5000) {
    if (this.#ahead.length > 0) return this.#ahead.splice(0);
    const response = await this.get({ ms });
    assert.equal(response.status, 200, response.body);
    return response.body.split(separator);
  }
  // The next packet; what came with it in one body is kept for the next call.
  async next(ms) {
    const [first, ...rest] = await this.poll(ms);
    this.#ahead = rest;
    return first;
  }
  async take(count, ms) {
    const packets = [];
    while (packets.length < count) packets.push(await this.next(ms));
    return packets;
  }
  isKnown() {
    return knows(this.server, this.sid, "polling");
  }
  async close() {
    if (this.query) await this.postBody("1").catch(() => {});
  }
}

// Whether the server has that session, which is on that transport; asking disturbs nothing. One on WebSocket
// is refused to polls; one on polling lets a WebSocket in, which goes away without having probed.
export async function knows(server, sid, transport) {
  if (transport === "websocket")
    return JSON.parse((await ask(server, "GET", `EIO=4&transport=polling&sid=${sid}`)).body).code === 3;
  try {
    (await probe({ server, sid })).end();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    assert.equal(error.response.body, "Session ID unknown");
    return false;
  }
}

// A session over a WebSocket, past its open packet.
export async function openWebSocket(server, query, headers) {
  const ws = await WebSocketWire.open(server, query, headers);
  const open = await ws.next();
  assert.equal(open[0], "0");
  ws.offer = JSON.parse(open.slice(1));
  ws.sid = ws.offer.sid;
  return ws;
}

// A WebSocket that asks to take over a session that is on polling.
export function probe(session) {
  return WebSocketWire.open(session.server, `EIO=4&transport=websocket&sid=${session.sid}`);
}

// What every hostile test ends with: a client that means well is still served.
export async function assertServes(server) {
  const ws = await openWebSocket(server);
  assert.equal(typeof ws.sid, "string");
  ws.end();
  await (await Polling.open(server)).close();
}
