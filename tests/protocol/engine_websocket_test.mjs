// Engine.IO over WebSocket (rules W1 to W5).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openWebSocket } from "./support/engine.mjs";
import { betterThanReference, serverForTests } from "./support/server.mjs";
import { frame, opcode } from "./support/wire.mjs";

const maxPayload = 100_000;
const server = await serverForTests("engine", { "max-payload": maxPayload });
const open = () => openWebSocket(server);

async function assertEchoes(ws, text = "4after all") {
  ws.send(text);
  assert.equal(await ws.next(), text);
}

describe("W1: one packet a message", { concurrency: true }, () => {
  test("text has its type before it", async () => {
    const ws = await open();
    ws.send("4hello", "4h\u00e9 \u20ac \u{1f389} \u0000\u001e", "4");
    for (const text of ["4hello", "4h\u00e9 \u20ac \u{1f389} \u0000\u001e", "4"]) assert.equal(await ws.next(), text);
    ws.end();
  });

  test("bytes have not", async () => {
    const ws = await open();
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    ws.send(all, Buffer.from("4"), "4between");
    assert.deepEqual(await ws.next(), all);
    assert.deepEqual(await ws.next(), Buffer.from("4"));
    assert.equal(await ws.next(), "4between");
    ws.end();
  });

  for (const size of [124, 125, 126, 127, 65534, 65535, 65536, maxPayload - 1])
    test(`a text of ${size} bytes comes back whole`, async () => {
      const ws = await open();
      await assertEchoes(ws, `4${"x".repeat(size - 1)}`);
      ws.end();
    });

  test("an empty binary message is a message", async () => {
    const ws = await open();
    ws.send(Buffer.alloc(0), "4after");
    assert.deepEqual(await ws.next(), Buffer.alloc(0));
    assert.equal(await ws.next(), "4after");
    ws.end();
  });

  test("a thousand messages at once keep their order", async () => {
    const ws = await open();
    ws.send(...Array.from({ length: 1000 }, (_, i) => `4${i}`));
    for (let i = 0; i < 1000; ++i) assert.equal(await ws.next(), `4${i}`);
    ws.end();
  });
});

describe("W2: packets that end the session", { concurrency: true }, () => {
  for (const [what, packet] of [["an unknown type", "9x"], ["a letter", "abc"], ["the older direction's ping", "2"],
                                ["no type", ""]])
    test(`${what} ("${packet}")`, async () => {
      const ws = await open();
      ws.send(packet);
      await ws.closed();
    });
});

describe("W3: closing", { concurrency: true }, () => {
  // The reference does not look at this packet on a WebSocket.
  betterThanReference("the client's close packet ends the session", async () => {
    const ws = await open();
    ws.send("1");
    await ws.closed(2000);
  });

  test("the client's close frame is answered", async () => {
    const ws = await open();
    ws.frame(opcode.close);
    assert.equal(await ws.closed(), 1005);
  });

  test("the client's close code is given back", async () => {
    const ws = await open();
    ws.frame(opcode.close, Buffer.from([0x03, 0xe8]));
    assert.equal(await ws.closed(), 1000);
  });

  test("a session that ends by a bad packet has no code: 1005", async () => {
    const ws = await open();
    ws.send("9");
    assert.equal(await ws.closed(), 1005);
  });

  test("a message above maxPayload: 1009", async () => {
    const ws = await open();
    ws.send(`4${"x".repeat(maxPayload)}`);
    assert.equal(await ws.closed(), 1009);
  });

  test("a frame that only announces more than maxPayload: 1009, before it arrives", async () => {
    const ws = await open();
    ws.frame(opcode.text, "4x", { length: 2 ** 40, lengthBytes: 8 });
    assert.equal(await ws.closed(), 1009);
  });

  test("text that is no UTF-8: 1007", async () => {
    const ws = await open();
    ws.frame(opcode.text, Buffer.from([0x34, 0xc3, 0x28]));
    assert.equal(await ws.closed(), 1007);
  });
});

describe("W4: frames", { concurrency: true }, () => {
  test("a message in parts is put together, a ping between them is answered", async () => {
    const ws = await open();
    ws.frame(opcode.text, "4one ", { fin: false });
    ws.frame(opcode.ping, "alive?");
    ws.frame(opcode.continuation, "two ", { fin: false });
    ws.frame(opcode.continuation, "", { fin: false });
    ws.frame(opcode.continuation, "three");
    assert.equal(await ws.next(), "4one two three");
    assert.equal((await ws.pongs.take()).toString(), "alive?");
    ws.end();
  });

  test("a character may be cut between two parts", async () => {
    const ws = await open();
    const euro = Buffer.from("4\u20ac");
    ws.frame(opcode.text, euro.subarray(0, 2), { fin: false });
    ws.frame(opcode.continuation, euro.subarray(2));
    assert.equal(await ws.next(), "4\u20ac");
    ws.end();
  });

  test("binary in parts is put together", async () => {
    const ws = await open();
    ws.frame(opcode.binary, Buffer.from([1, 2]), { fin: false });
    ws.frame(opcode.continuation, Buffer.from([3]));
    assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3]));
    ws.end();
  });

  test("the limit is for the whole, not for a part: 1009", async () => {
    const ws = await open();
    ws.frame(opcode.text, `4${"x".repeat(maxPayload / 2)}`, { fin: false });
    ws.frame(opcode.continuation, "x".repeat(maxPayload / 2));
    assert.equal(await ws.closed(), 1009);
  });

  test("a frame that arrives byte by byte is a frame", async () => {
    const ws = await open();
    for (const byte of frame(opcode.text, "4slowly")) {
      ws.wire.write(Buffer.from([byte]));
      await new Promise((sent) => setImmediate(sent));
    }
    assert.equal(await ws.next(), "4slowly");
    ws.end();
  });

  test("a ping is answered with its payload, a pong nobody asked for is nothing", async () => {
    const ws = await open();
    ws.frame(opcode.pong, "unasked");
    ws.frame(opcode.ping, "x".repeat(125));
    assert.equal((await ws.pongs.take()).toString(), "x".repeat(125));
    await assertEchoes(ws);
    ws.end();
  });

  test("a frame that is not masked fails the connection", async () => {
    const ws = await open();
    ws.frame(opcode.text, "4bare", { masked: false });
    assert.equal(await ws.closed(), 1002);
    assert.equal(ws.unread, 0);
  });
});

describe("W5: compression", () => {
  test("permessage-deflate is not agreed to", async () => {
    const ws = await openWebSocket(server, undefined, {
      "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    });
    assert.equal(ws.handshake.headers["sec-websocket-extensions"], undefined);
    await assertEchoes(ws);
    ws.end();
  });
});

describe("the handshake", { concurrency: true }, () => {
  test("answers the key as RFC 6455 has it", async () => {
    const ws = await openWebSocket(server, undefined, { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" });
    assert.equal(ws.handshake.headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert.match(ws.handshake.headers.upgrade, /^websocket$/i);
    ws.end();
  });

  for (const [what, headers] of [["another version", { "Sec-WebSocket-Version": "12" }],
                                 ["a key of the wrong length", { "Sec-WebSocket-Key": "AAAA" }]])
    test(`${what} is refused`, async () => {
      await assert.rejects(openWebSocket(server, undefined, headers), /refused: HTTP\/1.1 4/);
    });

  test("a frame sent together with the request is not lost", async () => {
    const ws = await openWebSocket(server, undefined, {});
    ws.wire.write(Buffer.concat([frame(opcode.text, "4a"), frame(opcode.ping, ""), frame(opcode.text, "4b")]));
    assert.deepEqual([await ws.next(), await ws.next()], ["4a", "4b"]);
    ws.end();
  });
});
