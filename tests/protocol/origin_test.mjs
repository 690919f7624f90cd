// Which pages of other origins may use the server (section 1.8).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, openWebSocket, Polling } from "./support/engine.mjs";
import { betterThanReference, serverForTests } from "./support/server.mjs";
import { Refused } from "./support/wire.mjs";

const friend = "https://app.example", stranger = "https://evil.example";
const server = await serverForTests("engine", { "cors-origin": friend });
const closedServer = await serverForTests("engine");
const handshake = "EIO=4&transport=polling";

function assertAllowed({ headers }, origin = friend) {
  assert.equal(headers["access-control-allow-origin"], origin);
  assert.equal(headers["access-control-allow-credentials"], "true");
  assert.match(headers.vary ?? "", /\borigin\b/i);
}

function assertNotAllowed({ headers }) {
  assert.notEqual(headers["access-control-allow-origin"], stranger);
  assert.notEqual(headers["access-control-allow-origin"], "*");
}

describe("a page of the allowed origin", { concurrency: true }, () => {
  test("has its preflight answered", async () => {
    const answer = await ask(server, "OPTIONS", handshake, {
      headers: { Origin: friend, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-mine" },
    });
    assert.ok([200, 204].includes(answer.status), `${answer.status}`);
    assertAllowed(answer);
    assert.match(answer.headers["access-control-allow-methods"], /GET/);
    assert.match(answer.headers["access-control-allow-methods"], /POST/);
    assert.match(answer.headers["access-control-allow-headers"] ?? "", /content-type/i);
  });

  test("may read every answer: handshake, poll, post", async () => {
    const headers = { Origin: friend };
    assertAllowed(await ask(server, "GET", handshake, { headers }));
    const session = await Polling.open(server);
    assertAllowed(await session.postBody("4x", { headers }));
    assertAllowed(await session.get({ headers }));
  });

  for (const [what, query] of [["unknown transport", "EIO=4"], ["unknown session", `${handshake}&sid=x`], ["old protocol", "EIO=3&transport=polling"]])
    test(`may read errors, too: ${what}`, async () => {
      const answer = await ask(server, "GET", query, { headers: { Origin: friend } });
      assert.equal(answer.status, 400);
      assertAllowed(answer);
    });

  test("may open a WebSocket", async () => {
    const ws = await openWebSocket(server, undefined, { Origin: friend });
    ws.send("4hello");
    assert.equal(await ws.next(), "4hello");
    ws.end();
  });
});

describe("a page of another origin", { concurrency: true }, () => {
  test("is allowed nothing", async () => {
    const headers = { Origin: stranger };
    assertNotAllowed(await ask(server, "OPTIONS", handshake, { headers: { ...headers, "Access-Control-Request-Method": "POST" } }));
    assertNotAllowed(await ask(server, "GET", handshake, { headers }));
    assertNotAllowed(await ask(server, "GET", "EIO=4", { headers }));
  });

  // The reference names the one origin it allows to whoever asks.
  betterThanReference("gets no such header at all", async () => {
    const { headers } = await ask(server, "GET", handshake, { headers: { Origin: stranger } });
    assert.equal(headers["access-control-allow-origin"], undefined);
  });

  // CORS does not cover WebSockets; the reference lets every page in.
  for (const origin of [stranger, `${friend}.evil.example`, "https://app.example:444", "http://app.example", "null"])
    betterThanReference(`may not open a WebSocket ("${origin}")`, async () => {
      const refused = await openWebSocket(server, undefined, { Origin: origin }).then((ws) => ws.end(), (error) => error);
      assert.ok(refused instanceof Refused, "it was let in");
      assert.ok([400, 403].includes(refused.response.status));
      await refused.wire.closed();
    });

  betterThanReference("may not take over a session by a WebSocket", async () => {
    const session = await Polling.open(server);
    await assert.rejects(openWebSocket(server, `EIO=4&transport=websocket&sid=${session.sid}`, { Origin: stranger }), Refused);
    assert.ok(await session.isKnown());
  });
});

describe("without an origin", { concurrency: true }, () => {
  test("programs that are no browsers are served", async () => {
    (await openWebSocket(server)).end();
    await (await Polling.open(server)).close();
  });

  test("a server that was given none allows no other origin to read", async () => {
    const { headers } = await ask(closedServer, "GET", handshake, { headers: { Origin: stranger } });
    assert.equal(headers["access-control-allow-origin"], undefined);
  });

  test("and serves its own pages", async () => {
    const headers = { Origin: closedServer.url };
    assert.equal((await ask(closedServer, "GET", handshake, { headers })).status, 200);
    (await openWebSocket(closedServer, undefined, headers)).end();
  });
});
