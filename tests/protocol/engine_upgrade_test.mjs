// Engine.IO: a session moves from polling to WebSocket, or does not, and nothing is lost either way.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertRefused, openWebSocket, Polling, probe } from "./support/engine.mjs";
import { betterThanReference, serverForTests } from "./support/server.mjs";
import { until } from "./support/waiting.mjs";
import { Refused } from "./support/wire.mjs";

const server = await serverForTests("engine");
const open = () => Polling.open(server);

async function upgraded(session) {
  const ws = await probe(session);
  ws.send("2probe");
  assert.equal(await ws.next(), "3probe");
  ws.send("5");
  return ws;
}

async function assertPollingGoesOn(session) {
  await session.post("4still polling");
  assert.equal(await firstMessage(session), "4still polling");
}

// Noops that release a GET are no messages.
async function firstMessage(session) {
  for (;;) {
    const packet = await session.next();
    if (packet !== "6") return packet;
  }
}

describe("an upgrade", { concurrency: true }, () => {
  test("is probed, then done; messages go over the WebSocket from then on", async () => {
    const ws = await upgraded(await open());
    ws.send("4over", Buffer.from([7]));
    assert.equal(await ws.next(), "4over");
    assert.deepEqual(await ws.next(), Buffer.from([7]));
    ws.end();
  });

  test("releases the held GET with a noop", async () => {
    const session = await open();
    const held = session.get();
    await until("the GET is held", () => session.isKnown());
    const ws = await probe(session);
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    assert.equal((await held).body, "6");
    ws.end();
  });

  test("releases a GET that comes after the probe, too", async () => {
    const session = await open();
    const ws = await probe(session);
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    assert.equal((await session.get({ ms: 2000 })).body, "6");
    ws.send("5", "4done");
    assert.equal(await ws.next(), "4done");
    ws.end();
  });

  test("brings what was queued meanwhile, in order, before anything newer", async () => {
    const session = await open();
    const ws = await probe(session);
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    await session.post("4one", "bAgM=", "4two");
    await session.post("4three");
    ws.send("5", "4four");
    const got = [];
    for (let i = 0; i < 5; ++i) got.push(await ws.next());
    assert.deepEqual(got, ["4one", Buffer.from([2, 3]), "4two", "4three", "4four"]);
    ws.end();
  });

  test("loses and repeats nothing of a stream that goes on all the time", async () => {
    const session = await open();
    const sent = Array.from({ length: 60 }, (_, i) => `4${i}`);
    const got = [];
    const ws = await probe(session);
    let at = 0;
    for (; at < 20; ++at) await session.post(sent[at]);
    got.push(...(await session.take(20)));
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    for (; at < 40; ++at) await session.post(sent[at]);
    ws.send("5", ...sent.slice(40));
    while (got.length < 60) got.push(await ws.next());
    assert.deepEqual(got, sent);
    ws.end();
  });

  test("may be completed without waiting for the answer to the probe", async () => {
    const session = await open();
    const ws = await probe(session);
    ws.send("2probe", "5", "4impatient");
    assert.equal(await ws.next(), "3probe");
    assert.equal(await ws.next(), "4impatient");
    ws.end();
  });

  test("is final: later polls get code 3, and the session lives", async () => {
    const session = await open();
    const ws = await upgraded(session);
    ws.send("4upgraded");
    assert.equal(await ws.next(), "4upgraded");
    assertRefused(await session.get(), 3, "Bad request");
    assertRefused(await session.postBody("4late"), 3, "Bad request");
    ws.send("4alive");
    assert.equal(await ws.next(), "4alive");
    ws.end();
  });

  test("ends with its WebSocket: then the session is unknown", async () => {
    const session = await open();
    const ws = await upgraded(session);
    ws.send("4x");
    await ws.next();
    ws.cut();
    await until("the session is unknown", async () => JSON.parse((await session.get()).body).code === 1);
  });
});

describe("an upgrade that fails leaves the session on polling", { concurrency: true }, () => {
  for (const [what, packet] of [["a message", "4hello"], ["a ping without its word", "2"], ["another word", "2prob"],
                                ["a pong", "3probe"], ["a close", "1"], ["nonsense", "x"]])
    test(`by ${what} instead of the probe`, async () => {
      const session = await open();
      const ws = await probe(session);
      ws.send(packet);
      await ws.closed();
      await assertPollingGoesOn(session);
    });

  test("by bytes instead of the probe", async () => {
    const session = await open();
    const ws = await probe(session);
    ws.send(Buffer.from("2probe"));
    await ws.closed();
    await assertPollingGoesOn(session);
  });

  test("by a message instead of the last word", async () => {
    const session = await open();
    const ws = await probe(session);
    ws.send("2probe");
    await ws.next();
    ws.send("4too early");
    await ws.closed();
    await assertPollingGoesOn(session);
  });

  test("as its socket is cut after the probe", async () => {
    const session = await open();
    const ws = await probe(session);
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    ws.cut();
    await assertPollingGoesOn(session);
    const again = await upgraded(session);  // and it may try once more
    again.send("4second try");
    assert.equal(await again.next(), "4second try");
    again.end();
  });

  test("as nobody completes it for upgradeTimeout, 10 s", async () => {
    const session = await open();
    const begun = Date.now();
    const ws = await probe(session);
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    await ws.closed(13_000);
    assert.ok(Date.now() - begun > 9000);
    await assertPollingGoesOn(session);
  });
});

describe("a second WebSocket for one session is closed and the session lives", { concurrency: true }, () => {
  async function refusedProbe(session) {
    try {
      const ws = await probe(session);
      ws.send("2probe");
      await ws.closed();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  test("while it upgrades", async () => {
    const session = await open();
    const ws = await probe(session);
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    await refusedProbe(session);
    ws.send("5", "4first wins");
    assert.equal(await ws.next(), "4first wins");
    ws.end();
  });

  test("after it upgraded", async () => {
    const session = await open();
    const ws = await upgraded(session);
    await refusedProbe(session);
    ws.send("4alive");
    assert.equal(await ws.next(), "4alive");
    ws.end();
  });

  // The reference answers the probe and lets two WebSockets share the session.
  betterThanReference("where it began on WebSocket", async () => {
    const ws = await openWebSocket(server);
    await refusedProbe({ server, sid: ws.sid });
    ws.send("4alive");
    assert.equal(await ws.next(), "4alive");
    ws.end();
  });
});
