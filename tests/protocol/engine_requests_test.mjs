// Engine.IO: which requests open a session and how the others are refused (rules E1 to E9).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, assertRefused, knows, openWebSocket, Polling } from "./support/engine.mjs";
import { betterThanReference, serverForTests, TestServer } from "./support/server.mjs";
import { Refused, WebSocketWire } from "./support/wire.mjs";

const server = await serverForTests("engine");
const open = (query, method = "GET") => ask(server, method, query);

const messages = ["Transport unknown", "Session ID unknown", "Bad handshake method", "Bad request", "Forbidden",
                  "Unsupported protocol version"];

async function refusedUpgrade(query, headers) {
  try {
    (await WebSocketWire.open(server, query, headers)).end();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  return assert.fail("the upgrade was granted");
}

describe("E1: the path and the query", { concurrency: true }, () => {
  for (const query of ["EIO=4&transport=polling", "transport=polling&EIO=4", "t=Oa1x&b64=1&transport=polling&x=%20&EIO=4",
                       "EIO=4&transport=poll%69ng", "EIO=%34&transport=polling"])
    test(`opens for ?${query}`, async () => {
      const response = await open(query);
      assert.equal(response.status, 200);
      assert.equal(response.body[0], "0");
    });

  test("another path is not the server's", async () => {
    const response = await ask(server, "GET", "EIO=4&transport=polling", { path: "/elsewhere/" });
    assert.ok(response.status >= 400);
  });

  test("the path is a setting", async () => {
    const elsewhere = await TestServer.start("engine", { path: "/rt/" });
    try {
      assert.equal((await ask(elsewhere, "GET", "EIO=4&transport=polling")).status, 200);
      const old = await ask(elsewhere, "GET", "EIO=4&transport=polling", { path: "/socket.io/" });
      assert.ok(old.status >= 400);
      (await openWebSocket(elsewhere)).end();
    } finally {
      await elsewhere.stop();
    }
  });
});

describe("E2: only protocol 4", { concurrency: true }, () => {
  for (const query of ["transport=polling", "EIO=3&transport=polling", "EIO=abc&transport=polling",
                       "EIO=&transport=polling", "EIO=44&transport=polling"])
    test(`?${query} is refused with code 5`, async () => {
      assertRefused(await open(query), 5, messages[5]);
    });

  // The reference switches protocols first and then hangs up.
  betterThanReference("over WebSocket too, before the protocols are switched", async () => {
    const { response } = await refusedUpgrade("EIO=3&transport=websocket");
    assert.equal(response.status, 400);
    assert.equal(response.body, messages[5]);
  });
});

describe("E3: only two transports", { concurrency: true }, () => {
  for (const transport of ["", "&transport=", "&transport=abc", "&transport=__proto__", "&transport=constructor"])
    test(`"${transport}" is refused with code 0`, async () => {
      assertRefused(await open(`EIO=4${transport}`), 0, messages[0]);
    });

  test("websocket without an upgrade is refused with code 3", async () => {
    assertRefused(await open("EIO=4&transport=websocket"), 3, messages[3]);
  });

  test("an upgrade for an unknown transport is refused", async () => {
    const { response } = await refusedUpgrade("EIO=4&transport=abc");
    assert.equal(response.status, 400);
    assert.equal(response.body, messages[0]);
  });
});

describe("E4: a session is opened by GET alone", { concurrency: true }, () => {
  for (const method of ["POST", "PUT", "DELETE"])
    test(`${method} is refused with code 2`, async () => {
      assertRefused(await open("EIO=4&transport=polling", method), 2, messages[2]);
    });
});

describe("E5: a session's id", { concurrency: true }, () => {
  for (const sid of ["abc", "", "__proto__", "AAAAAAAAAAAAAAAAAAAA", "x".repeat(4000)])
    test(`an unknown one (${sid.length} characters, "${sid.slice(0, 9)}") is refused with code 1`, async () => {
      // An empty one asks for no session: that opens a new one in the reference.
      const response = await open(`EIO=4&transport=polling&sid=${sid}`);
      if (sid === "" && response.status === 200) return;
      assertRefused(response, 1, messages[1]);
    });

  test("over WebSocket, an unknown one is refused", async () => {
    const { response } = await refusedUpgrade("EIO=4&transport=websocket&sid=abc");
    assert.equal(response.status, 400);
    assert.equal(response.body, messages[1]);
  });

  test("of a session on WebSocket is refused to polls with code 3, and the session lives", async () => {
    const ws = await openWebSocket(server);
    const query = `EIO=4&transport=polling&sid=${ws.sid}`;
    assertRefused(await open(query), 3, messages[3]);
    assertRefused(await open(query, "POST"), 3, messages[3]);
    ws.send("4still here");
    assert.equal(await ws.next(), "4still here");
    ws.end();
  });
});

describe("E6: how an upgrade is refused", () => {
  test("with 400, Connection: close, a plain message, and then the connection ends", async () => {
    const { response, wire } = await refusedUpgrade("EIO=4&transport=websocket&sid=unknown");
    assert.match(response.line, /^HTTP\/1\.1 400/);
    assert.match(response.headers.connection, /close/i);
    assert.equal(response.body, messages[1]);
    await wire.closed();
  });
});

describe("E7: what the server offers", { concurrency: true }, () => {
  const keys = ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"];

  test("over polling: an upgrade to WebSocket", async () => {
    const { offer } = await Polling.open(server);
    assert.deepEqual(Object.keys(offer).sort(), keys);
    assert.deepEqual(offer.upgrades, ["websocket"]);
  });
  test("over WebSocket: no upgrade", async () => {
    const ws = await openWebSocket(server);
    assert.deepEqual(Object.keys(ws.offer).sort(), keys);
    assert.deepEqual(ws.offer.upgrades, []);
    ws.end();
  });
});

describe("E8: session ids", () => {
  const many = () => Promise.all(Array.from({ length: 200 }, async () => (await Polling.open(server)).sid));

  test("are 20 URL-safe characters and never twice the same", async () => {
    const ids = await many();
    for (const sid of ids) assert.match(sid, /^[A-Za-z0-9_-]{20}$/);
    assert.equal(new Set(ids).size, ids.length);
  });

  // The reference ends its ids with a counter.
  betterThanReference("are random in every place", async () => {
    const ids = await many();
    for (let place = 0; place < 20; ++place) {
      const letters = new Set(ids.map((sid) => sid[place]));
      assert.ok(letters.size > 30, `place ${place} knows only ${[...letters].join("")}`);
    }
  });
});

describe("E9: settings", { concurrency: true }, () => {
  test("have the reference's defaults", async () => {
    const { offer } = await Polling.open(server);
    assert.deepEqual([offer.pingInterval, offer.pingTimeout, offer.maxPayload], [25000, 20000, 1_000_000]);
  });

  test("are told to the client as they were set", async () => {
    const other = await TestServer.start("engine", { "ping-interval": 700, "ping-timeout": 800, "max-payload": 5000 });
    try {
      const { offer, sid } = await Polling.open(other);
      assert.deepEqual([offer.pingInterval, offer.pingTimeout, offer.maxPayload], [700, 800, 5000]);
      assert.ok(await knows(other, sid, "polling"));
    } finally {
      await other.stop();
    }
  });
});
