// Socket.IO: rooms, volatile events, and the order in which all arrives (rules S13 to S15).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serverForTests } from "./support/server.mjs";
import { call, join, openApp, openAppPolling } from "./support/socket.mjs";
import { until } from "./support/waiting.mjs";

const app = await serverForTests("app");

describe("S13: rooms", { concurrency: true }, () => {
  const subscribed = async (room) => {
    const ws = await openApp(app);
    assert.deepEqual((await call(ws, "subscribe", room)).args, [{ ok: true, room }]);
    return ws;
  };
  const publish = async (ws, ...args) => {
    const { args: answer, before } = await call(ws, ...args);
    assert.deepEqual(answer, [{ ok: true }]);
    return before;
  };
  // What came to a socket until now; nothing of it is still on its way.
  const arrived = async (ws) => (await call(ws, "echo")).before;

  test("an event reaches who is in the room, and nobody else", async () => {
    const [a, b, outside] = [await subscribed("r1"), await subscribed("r1"), await openApp(app)];
    assert.deepEqual(await publish(outside, "publish", "r1", "news", { n: 1 }), []);
    for (const ws of [a, b]) assert.deepEqual(await arrived(ws), ['42["news",{"n":1}]']);
    assert.deepEqual(await arrived(outside), []);
    for (const ws of [a, b, outside]) ws.end();
  });

  test("the sender hears it too, but not of publish-others", async () => {
    const [a, b] = [await subscribed("r2"), await subscribed("r2")];
    assert.deepEqual(await publish(a, "publish", "r2", "news", 1), ['42["news",1]']);
    assert.deepEqual(await publish(a, "publish-others", "r2", "news", 2), []);
    assert.deepEqual(await arrived(b), ['42["news",1]', '42["news",2]']);
    for (const ws of [a, b]) ws.end();
  });

  test("joining twice delivers once, leaving ends it", async () => {
    const ws = await subscribed("r3");
    await call(ws, "subscribe", "r3");
    assert.deepEqual(await publish(ws, "publish", "r3", "news", 1), ['42["news",1]']);
    assert.deepEqual((await call(ws, "unsubscribe", "r3")).args, [{ ok: true, room: "r3" }]);
    assert.deepEqual(await publish(ws, "publish", "r3", "news", 2), []);
    ws.end();
  });

  test("each socket has a room of its own id", async () => {
    const [a, b] = [await openApp(app), await openApp(app)];
    await publish(a, "publish", b.socketId, "for-you", "psst");
    assert.deepEqual(await arrived(b), ['42["for-you","psst"]']);
    for (const ws of [a, b]) ws.end();
  });

  test("a room is of one namespace", async () => {
    const ws = await subscribed("r4");
    await join(ws, { nsp: "/custom" });
    ws.send('42/custom,1["publish","r4","news",1]');
    assert.equal(await ws.next(), '43/custom,1[{"ok":true}]');
    ws.end();
  });

  test("who leaves the namespace leaves its rooms", async () => {
    const ws = await subscribed("r5");
    ws.send("41");
    await ws.settled();
    await join(ws);
    assert.deepEqual(await publish(ws, "publish", "r5", "news", 1), []);
    ws.end();
  });

  test("over polling as over WebSocket", async () => {
    const session = await openAppPolling(app);
    await session.post('421["subscribe","r6"]');
    assert.equal(await session.next(), '431[{"ok":true,"room":"r6"}]');
    const ws = await openApp(app);
    await publish(ws, "publish", "r6", "news", "\u00e9\u001e");
    assert.equal(await session.next(), '42["news","\u00e9\\u001e"]');
    await session.close();
    ws.end();
  });

  test("names may be anything that is text", async () => {
    for (const room of ["", " ", "/", "a,b", "\u{1f389}", "x".repeat(1000), "__proto__"]) {
      const ws = await subscribed(room);
      assert.deepEqual(await publish(ws, "publish", room, "news", 1), ['42["news",1]']);
      ws.end();
    }
  });

  test("stats count sessions and sockets", async () => {
    const other = await openApp(app);
    const { args: [before] } = await call(other, "stats");
    const ws = await openApp(app);
    const { args: [with_] } = await call(other, "stats");
    assert.ok(with_.clients >= 2 && with_.sockets >= 2, JSON.stringify([before, with_]));
    ws.end();
    other.end();
  });
});

describe("S14: volatile events", { concurrency: true }, () => {
  test("are dropped where no GET is held, others wait", async () => {
    const session = await openAppPolling(app);
    await session.post('421["subscribe","v1"]');
    assert.equal(await session.next(), '431[{"ok":true,"room":"v1"}]');
    const ws = await openApp(app);
    await call(ws, "publish-volatile", "v1", "lost", 1);
    await call(ws, "publish", "v1", "kept", 2);
    assert.equal(await session.next(), '42["kept",2]');
    await session.close();
    ws.end();
  });

  test("arrive where they can be written now", async () => {
    const session = await openAppPolling(app);
    await session.post('421["subscribe","v2"]');
    assert.equal(await session.next(), '431[{"ok":true,"room":"v2"}]');
    const held = session.next();
    const ws = await openApp(app);
    await until("the GET is held", () => session.isKnown());
    await call(ws, "publish-volatile", "v2", "in-time", 1);
    assert.equal(await held, '42["in-time",1]');
    await session.close();
    ws.end();
  });
});

describe("S15: order", { concurrency: true }, () => {
  test("of direct events, room events and acks is the order they were made in", async () => {
    const ws = await openApp(app);
    await call(ws, "subscribe", "o1");
    const sent = [], expected = [];
    for (let i = 0; i < 200; ++i) {
      sent.push(`42["message",${i}]`, `42${i}["publish","o1","room",${i}]`);
      expected.push(`42["message-back",${i}]`, `42["room",${i}]`, `43${i}[{"ok":true}]`);
    }
    ws.send(...sent);
    for (const packet of expected) assert.equal(await ws.next(), packet);
    ws.end();
  });

  test("of a burst", async () => {
    const ws = await openApp(app);
    ws.send('42["burst",2000]');
    for (let i = 0; i < 2000; ++i) assert.equal(await ws.next(), `42["seq",${i}]`);
    ws.end();
  });

  test("of two publishers is the same for two listeners", async () => {
    const listeners = [await openApp(app), await openApp(app)];
    for (const ws of listeners) await call(ws, "subscribe", "o2");
    const publishers = [await openApp(app), await openApp(app)];
    for (let i = 0; i < 100; ++i)
      publishers.forEach((ws, who) => ws.send(`42["publish","o2","news",${2 * i + who}]`));
    const heard = [[], []];
    for (let i = 0; i < 200; ++i) for (const at of [0, 1]) heard[at].push(await listeners[at].next());
    assert.deepEqual(heard[0], heard[1]);
    for (const ws of [...listeners, ...publishers]) ws.end();
  });
});
