// Engine.IO: the heartbeat, and how sessions end (rules H1 to H6).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { openWebSocket, Polling, probe } from "./support/engine.mjs";
import { serverForTests, TestServer } from "./support/server.mjs";
import { until } from "./support/waiting.mjs";

const interval = 400, timeout = 500;
const early = 15;    // what a timer may be early by, seen from here
const slack = 300;   // what a busy machine may be late by
const server = await serverForTests("engine", { "ping-interval": interval, "ping-timeout": timeout });

// `happened` is due `due` ms after something that the server did while `cause` was under way.
async function assertDue(due, cause, happened) {
  const begun = performance.now();
  const caused = await cause();
  const seen = performance.now();
  await happened(caused);
  const now = performance.now();
  assert.ok(now - begun >= due - early, `${(now - begun).toFixed()} ms after, due after ${due}`);
  assert.ok(now - seen <= due + slack, `${(now - seen).toFixed()} ms after, due after ${due}`);
  return caused;
}

const open = () => openWebSocket(server);
const pinged = async (client) => assert.equal(await client.next(3000), "2");
const gone = (session) => until("the session is gone", async () => !(await session.isKnown()));

describe("over WebSocket", { concurrency: true }, () => {
  test("H1: the server pings first, pingInterval after the session opened", async () => {
    const ws = await assertDue(interval, open, pinged);
    ws.end();
  });

  test("H1: who answers lives on", async () => {
    const ws = await openWebSocket(server);
    for (let i = 0; i < 5; ++i) {
      assert.equal(await ws.next(3000), "2");
      ws.send("3");
    }
    ws.send("4alive");
    assert.equal(await ws.next(), "4alive");
    ws.end();
  });

  test("H2: the next ping is due pingInterval after the pong", async () => {
    const ws = await openWebSocket(server);
    assert.equal(await ws.next(3000), "2");
    await pause(250);  // a slow answer
    await assertDue(interval, () => ws.send("3"), () => pinged(ws));
    ws.end();
  });

  test("H3: who does not answer is gone after pingInterval + pingTimeout", async () => {
    await assertDue(interval + timeout, open, (ws) => pinged(ws).then(() => ws.closed()));
  });

  test("H3: messages are no answer", async () => {
    await assertDue(interval + timeout, open, async (ws) => {
      const chatter = setInterval(() => ws.isClosed || ws.send("4here I am"), 50);
      await ws.closed();
      clearInterval(chatter);
    });
  });

  test("a pong nobody asked for does no harm", async () => {
    const ws = await openWebSocket(server);
    ws.send("3", "3", "4alive");
    assert.equal(await ws.next(), "4alive");
    assert.equal(await ws.next(3000), "2");
    ws.end();
  });

  test("after an upgrade the heartbeat goes on", async () => {
    const ws = await probe(await Polling.open(server));
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    ws.send("5");
    for (let i = 0; i < 3; ++i) {
      assert.equal(await ws.next(3000), "2");
      ws.send("3");
    }
    ws.end();
  });
});

describe("over polling", { concurrency: true }, () => {
  test("H1: a held GET brings the ping", async () => {
    await assertDue(interval, () => Polling.open(server), pinged);
  });

  test("H1: who answers lives on", async () => {
    const session = await Polling.open(server);
    for (let i = 0; i < 3; ++i) {
      assert.equal(await session.next(3000), "2");
      await session.post("3");
    }
    assert.ok(await session.isKnown());
  });

  test("H3, H4: who never polls is gone after pingInterval + pingTimeout", async () => {
    const session = await assertDue(interval + timeout, () => Polling.open(server), gone);
    assert.equal((await session.get()).status, 400);
  });

  test("H4: a ping waits for the GET, but its answer's time runs from when it was due", async () => {
    await assertDue(interval + timeout, () => Polling.open(server), async (session) => {
      await pause(interval + timeout / 2);
      assert.equal(await session.next(), "2");
      await gone(session);
    });
  });
});

describe("H6: a server that is told to stop", { concurrency: true }, () => {
  async function assertEndsBy(mode, hello) {
    const stopping = await TestServer.start(mode);
    const ws = await openWebSocket(stopping);
    const session = await Polling.open(stopping);
    await hello(ws, session);
    const held = session.get();
    await until("the GET is held", () => session.isKnown());
    const stopped = stopping.stop();
    assert.equal(await ws.closed(), 1005);
    assert.equal(ws.unread, 0, "nothing is said before the close");
    assert.equal((await held).body, "1");
    await stopped;
  }

  test("closes its Engine.IO sessions", () => assertEndsBy("engine", () => {}));

  test("closes its Socket.IO sessions without a DISCONNECT, so that clients come back", () =>
    assertEndsBy("app", async (ws, session) => {
      ws.send('40{"token":"good"}');
      assert.match(await ws.next(), /^40/);
      assert.match(await ws.next(), /^42\["hello"/);
      await session.post('40{"token":"good"}');
      assert.match(await session.next(), /^40/);
      assert.match(await session.next(), /^42\["hello"/);
    }));
});
