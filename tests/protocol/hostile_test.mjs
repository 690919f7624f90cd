// What hostile clients send. Each is ended or ignored, and the server serves the next one as ever.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { ask, assertServes, openWebSocket, Polling } from "./support/engine.mjs";
import { betterThanReference, serverForTests, TestServer } from "./support/server.mjs";
import { call, good, openApp } from "./support/socket.mjs";
import { frame, opcode, Wire } from "./support/wire.mjs";

const server = await serverForTests("app", { "max-payload": 1_000_000 });
const path = `${server.path}?EIO=4&transport=polling`;

// The test `name`, after which a client that means well is served.
function hostile(name, body, by = test) {
  by(name, async () => {
    await body();
    await assertServes(server);
  });
}
const hostileAndBetter = (name, body) => hostile(name, body, betterThanReference);

// Sends bytes as they are; the answer's status, or "cut" where the connection just ends.
async function status(bytes, ms = 5000) {
  const wire = await Wire.connect(server);
  wire.write(bytes);
  try {
    return (await wire.response(ms)).status;
  } catch (error) {
    if (!wire.isOver) throw error;
    return "cut";
  } finally {
    wire.end();
  }
}
const assertRefusedOrCut = (got) => assert.ok(got === "cut" || got >= 400, `${got}`);
const get = (headers, target = path) => `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const post = (headers, body = "") => `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`;

describe("HTTP", () => {
  for (const [what, bytes] of [
    ["a megabyte of headers", get(`X-Bomb: ${"a".repeat(40)}\r\n`.repeat(20_000))],
    ["one header of 200 kB", get(`X-Bomb: ${"a".repeat(200_000)}\r\n`)],
    ["a request line of a megabyte", get("", `${path}&x=${"a".repeat(1_000_000)}`)],
    ["no request at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
    ["an unknown version", "GET / HTTP/9.9\r\nHost: x\r\n\r\n"],
    ["a header without a colon", get("nonsense\r\n")],
    ["a header name with a space", get("X Bomb : 1\r\n")],
    ["a length that is no number", post("Content-Length: abc\r\n")],
    ["a negative length", post("Content-Length: -1\r\n")],
    ["two lengths that differ", post("Content-Length: 3\r\nContent-Length: 4\r\n", "4abc")],
    ["a length and chunks", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")],
    ["a chunk without a size", post("Transfer-Encoding: chunked\r\n", "zz\r\n")],
    ["a chunk beyond all sizes", post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffffff\r\n")],
  ])
    hostile(`${what} is refused`, async () => assertRefusedOrCut(await status(bytes)));

  hostile("random bytes are refused", async () => {
    for (let i = 0; i < 20; ++i) assertRefusedOrCut(await status(Buffer.concat([randomBytes(500), Buffer.from("\r\n\r\n\r\n")])));
  });

  hostileAndBetter("a body said to be endless is refused before it comes", async () => {
    const session = await Polling.open(server);
    const target = `${server.path}?${session.query}`;
    const before = server.residentMiB();
    assertRefusedOrCut(await status(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000000000\r\n\r\n4`));
    assert.ok(server.residentMiB() - before < 100);
  });

  hostile("chunks without end are refused", async () => {
    const session = await Polling.open(server);
    const wire = await Wire.connect(server);
    wire.write(`POST ${server.path}?${session.query} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 40; ++i) wire.write(`ffff\r\n${"4".repeat(0xffff)}\r\n`);
    assert.equal((await wire.response()).status, 413);
    wire.end();
  });

  for (const query of ["EIO=4&transport=polling&x=%", "EIO=4&transport=polling&x=%zz", "EIO=4&transport=polling&%00=%ff%fe",
                       "EIO=4&transport=polling&sid=%00", "=&&&=&transport=polling&EIO=4", `EIO=4&transport=polling${"&a=b".repeat(1500)}`])
    hostile(`the query ${query.slice(0, 50)} is answered`, async () => {
      assert.ok((await ask(server, "GET", query)).status >= 200);
    });

  hostile("three hundred clients that send a header byte by byte hold up nobody", async () => {
    const slow = await Promise.all(Array.from({ length: 300 }, () => Wire.connect(server)));
    for (const byte of get("X-Slow: ").slice(0, 40)) for (const wire of slow) wire.write(byte);
    await assertServes(server);
    for (const wire of slow) wire.end();
  });

  hostile("three hundred that connect and say nothing hold up nobody", async () => {
    const silent = await Promise.all(Array.from({ length: 300 }, () => Wire.connect(server)));
    await assertServes(server);
    for (const wire of silent) wire.end();
  });

  hostile("a hundred bodies that stop half way hold up nobody", async () => {
    const halves = [];
    for (let i = 0; i < 100; ++i) {
      const session = await Polling.open(server);
      const wire = await Wire.connect(server);
      wire.write(`POST ${server.path}?${session.query} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n4half`);
      halves.push(wire);
    }
    await assertServes(server);
    for (const wire of halves) wire.cut();
  });

  hostile("a hundred requests in one breath are answered in order, or cut", async () => {
    const wire = await Wire.connect(server);
    wire.write(get("").repeat(100));
    for (let i = 0; i < 100 && !wire.isOver; ++i) {
      const answer = await wire.response().catch((cut) => cut);
      if (answer instanceof Error) assert.ok(wire.isOver, `${answer}`);
      else assert.equal(answer.status, 200);
    }
    wire.end();
  });

  hostile("five hundred connections that are cut in their first request leave nothing", async () => {
    for (let i = 0; i < 500; ++i) {
      const wire = await Wire.connect(server);
      wire.write(get("").slice(0, 1 + (i % 60)));
      wire.cut();
    }
  });
});

describe("WebSocket frames", () => {
  // Closed as a protocol error, by a close frame or without.
  const fails = (name, send, codes = [1002, 1006]) => hostile(name, async () => {
    const ws = await openApp(server);
    send(ws);
    const code = await ws.closed();
    assert.ok(codes.includes(code), `closed with ${code}`);
    assert.equal(ws.unread, 0);
  });

  for (const code of [3, 7, 11, 15]) fails(`the reserved opcode ${code}`, (ws) => ws.frame(code, "x"));
  for (const rsv of [1, 2, 4]) fails(`a reserved bit (${rsv}) nobody agreed on`, (ws) => ws.frame(opcode.text, "4x", { rsv }));
  for (const [name, code] of Object.entries({ ping: opcode.ping, pong: opcode.pong, close: opcode.close }))
    fails(`a ${name} of 126 bytes`, (ws) => ws.frame(code, Buffer.concat([Buffer.from([3, 232]), Buffer.alloc(124, 97)])));
  fails("a ping in parts", (ws) => ws.frame(opcode.ping, "x", { fin: false }));
  fails("a continuation of nothing", (ws) => ws.frame(opcode.continuation, "4x"));
  fails("a new message before the last one ended", (ws) => {
    ws.frame(opcode.text, "4x", { fin: false });
    ws.frame(opcode.text, "4y");
  });
  fails("a close frame with half a code", (ws) => ws.frame(opcode.close, Buffer.from([3])));
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999])
    fails(`the close code ${code}, which may not be sent`, (ws) => ws.frame(opcode.close, Buffer.from([code >> 8, code & 255])));
  fails("a length with its highest bit set", (ws) =>
    ws.wire.write(Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4])), [1002, 1006, 1009]);
  fails("an unmasked frame", (ws) => ws.frame(opcode.text, "42[]", { masked: false }));

  const hex = (text) => Buffer.from(text, "hex");
  for (const [what, bytes] of [["a lone continuation byte", "80"], ["an overlong slash", "c0af"], ["an overlong null", "e08080"],
                               ["a surrogate", "eda080"], ["a point beyond the last", "f4908080"], ["an end too early", "e282"],
                               ["the byte ff", "ff"]])
    fails(`UTF-8 with ${what}`, (ws) => ws.frame(opcode.text, Buffer.concat([Buffer.from('42["message","'), hex(bytes)])), [1007]);
  fails("UTF-8 that breaks between two parts", (ws) => {
    ws.frame(opcode.text, Buffer.concat([Buffer.from('42["message","'), hex("e282")]), { fin: false });
    ws.frame(opcode.continuation, '"]');
  }, [1007]);
  fails("a close reason that is no UTF-8", (ws) => ws.frame(opcode.close, hex("03e8c328")), [1007, 1002]);

  hostile("a hundred thousand empty parts are one message", async () => {
    const ws = await openApp(server);
    ws.frame(opcode.text, '42["message",', { fin: false });
    ws.wire.write(Buffer.concat(Array.from({ length: 100_000 }, () => frame(opcode.continuation, "", { fin: false }))));
    ws.frame(opcode.continuation, "1]");
    // The whole is what it says, or the sender was ended for it.
    const answer = await ws.next(10_000).catch((over) => over);
    assert.ok(answer === '42["message-back",1]' || ws.isClosed, `${answer}`);
    ws.end();
  });

  hostile("a hundred thousand pings are answered, or their sender ended", async () => {
    const ws = await openApp(server);
    const ping = frame(opcode.ping, "x".repeat(100));
    for (let i = 0; i < 100; ++i) ws.wire.write(Buffer.concat(Array.from({ length: 1000 }, () => ping)));
    ws.frame(opcode.ping, "last");
    for (;;) {
      const pong = await Promise.race([ws.pongs.take(20_000), ws.over.then(() => "last")]);
      if (pong.toString() === "last") break;
    }
    ws.end();
  });
});

describe("Socket.IO", () => {
  const nested = (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const nestedObject = (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const endsBy = (text) => async () => {
    const ws = await openApp(server);
    ws.send(text);
    await ws.closed(2000);
  };

  // The reference parses any depth; what then walks through it may run out of stack.
  for (const depth of [10_000, 100_000]) {
    hostileAndBetter(`an event ${depth} arrays deep ends the session`, endsBy(`42["nobody",${nested(depth)}]`));
    hostileAndBetter(`an event ${depth} objects deep ends the session`, endsBy(`42["nobody",${nestedObject(depth)}]`));
  }
  hostileAndBetter("an acknowledgement so deep ends the session", endsBy(`430[${nested(100_000)}]`));
  hostileAndBetter("a CONNECT so deep ends the session", async () => {
    const ws = await openWebSocket(server);
    ws.send(`40{"token":"good","deep":${nested(100_000)}}`);
    await ws.closed(2000);
  });
  hostile("an array that is opened a hundred thousand times and never closed ends the session",
          endsBy(`42["nobody",${"[".repeat(100_000)}`));

  hostile("what is twenty deep is data", async () => {
    const ws = await openApp(server);
    ws.send(`42["message",${nested(20)},${nestedObject(20)}]`);
    assert.equal(await ws.next(), `42["message-back",${nested(20)},${nestedObject(20)}]`);
    ws.end();
  });

  hostile("ten thousand placeholders for one attachment", async () => {
    const ws = await openApp(server);
    const places = Array(10_000).fill('{"_placeholder":true,"num":0}');
    ws.send(`451-["nobody",[${places}]]`, Buffer.alloc(10), '42["message","after"]');
    const answer = await ws.next().catch((over) => over);
    assert.ok(answer === '42["message-back","after"]' || ws.isClosed, `${answer}`);
    ws.end();
  });

  hostile("ten thousand placeholders for ten thousand attachments end the session", async () => {
    const ws = await openApp(server);
    const places = Array.from({ length: 10_000 }, (_, i) => `{"_placeholder":true,"num":${i}}`);
    ws.send(`4510000-["message",[${places}]]`, ...places.map(() => Buffer.alloc(1)));
    await ws.closed();
  });

  hostile("ten thousand namespaces that are not there are refused one by one", async () => {
    const ws = await openWebSocket(server);
    ws.send(...Array.from({ length: 10_000 }, (_, i) => `40/none${i}`));
    for (let i = 0; i < 10_000; ++i) {
      const answer = await ws.next();
      assert.equal(answer, `44/none${i},{"message":"Invalid namespace"}`);
    }
    ws.end();
  });

  hostile("a name of a namespace as long as a packet may be", async () => {
    const ws = await openWebSocket(server);
    ws.send(`40/${"n".repeat(900_000)}`);
    const answer = await ws.next().catch(() => "");
    assert.ok(answer.startsWith("44/nnn") || ws.isClosed);
    ws.end();
  });

  for (const id of ["9007199254740992", "99999999999999999999", "1".repeat(400), "1".repeat(100_000)])
    hostile(`an acknowledgement's id of ${id.length} digits`, async () => {
      const ws = await openApp(server);
      ws.send(`42${id}["echo",1]`, '42["message","after"]');
      let answer = await ws.next().catch((over) => over);
      if (`${answer}`.startsWith("43")) answer = await ws.next();
      assert.ok(answer === '42["message-back","after"]' || ws.isClosed, `${answer}`);
      ws.end();
    });

  hostile("five thousand rooms of one client are left with it", async () => {
    const ws = await openApp(server);
    ws.send(...Array.from({ length: 5000 }, (_, i) => `42["subscribe","room-${i}"]`));
    assert.deepEqual((await call(ws, "echo", "done")).args, ["done"]);
    ws.cut();
  });

  hostile("attachments that never come hold up nobody", async () => {
    const ws = await openApp(server);
    ws.send('4510-["message"]');
    await assertServes(server);
    ws.cut();
  });

  hostile("a client that connects and leaves a thousand times in one breath", async () => {
    const ws = await openWebSocket(server);
    for (let i = 0; i < 1000; ++i) ws.send(`40${good}`, "41");
    ws.frame(opcode.ping, "end");
    await Promise.race([ws.pongs.take(10_000), ws.over]);
    ws.end();
  });
});

describe("a client that never reads", () => {
  const megabytes = 100, chunk = 65_536;

  // Publishes to a room of which nobody reads, a few at a time; how much larger the server is for it, in MiB.
  async function floods(at, room) {
    const publisher = await openApp(at);
    const before = at.residentMiB();
    let largest = before;
    for (let sent = 0; sent < megabytes << 20; sent += 8 * chunk) {
      for (let i = 0; i < 7; ++i) publisher.send(`42["publish","${room}","news","${"x".repeat(chunk)}"]`);
      assert.deepEqual((await call(publisher, "publish", room, "news", "x".repeat(chunk))).args, [{ ok: true }]);
      largest = Math.max(largest, at.residentMiB());
    }
    publisher.end();
    return largest - before;
  }

  async function withServer(body) {
    const own = await TestServer.start("app");
    try {
      await body(own);
      await assertServes(own);
    } finally {
      await own.stop();
    }
  }
  const stats = async (at) => {
    const ws = await openApp(at);
    const { args: [counts] } = await call(ws, "stats");
    ws.end();
    return counts;
  };

  betterThanReference("on WebSocket costs no more than its queue, and is ended", () => withServer(async (own) => {
    const slow = await openApp(own);
    await call(slow, "subscribe", "slow");
    slow.wire.socket.pause();
    assert.ok(await floods(own, "slow") < 64);
    assert.ok((await stats(own)).sockets <= 2, "the slow reader is still there");
    slow.end();
  }));

  betterThanReference("on polling costs no more than its queue, and is ended", () => withServer(async (own) => {
    const session = await Polling.open(own);
    await session.post(`40${good}`);
    await session.take(2);
    await session.post('421["subscribe","slow"]');
    assert.ok(await floods(own, "slow") < 64);
    assert.ok(!(await session.isKnown()), "the slow reader is still there");
  }));

  test("does not keep others from reading", () => withServer(async (own) => {
    const slow = await openApp(own);
    const quick = await openApp(own);
    for (const ws of [slow, quick]) await call(ws, "subscribe", "both");
    slow.wire.socket.pause();
    const publisher = await openApp(own);
    for (let i = 0; i < 300; ++i) {
      publisher.send(`42["publish","both","news",["${i}","${"x".repeat(chunk)}"]]`);
      assert.ok((await quick.next()).startsWith(`42["news",["${i}",`));
    }
    for (const ws of [slow, quick, publisher]) ws.end();
  }));
});
