// Engine.IO over HTTP long polling (rules P1 to P12).
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { describe, test } from "node:test";
import { ask, openWebSocket, Polling, separator } from "./support/engine.mjs";
import { betterThanReference, serverForTests } from "./support/server.mjs";
import { until } from "./support/waiting.mjs";
import { Wire } from "./support/wire.mjs";

const maxPayload = 20_000;
const server = await serverForTests("engine", { "max-payload": maxPayload });
const app = await serverForTests("app");
const open = () => Polling.open(server);

async function assertGone(session) {
  assert.equal((await session.get()).status, 400);
  await until("the session is gone", async () => !(await session.isKnown()));
}

// The head of a POST and as much of its body as is given.
function headOfPost(session, length, body = "") {
  return `POST ${server.path}?${session.query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n` +
    `Content-Length: ${length}\r\n\r\n${body}`;
}

describe("P1: payloads", { concurrency: true }, () => {
  test("packets are joined by 0x1e and keep their order", async () => {
    const session = await open();
    await session.post("4first", "4second", "4third");
    assert.deepEqual(await session.take(3), ["4first", "4second", "4third"]);
  });

  test("bytes travel as b and base64", async () => {
    const session = await open();
    await session.post("bAQIDBA==", "4between", "bAA==", "b");
    assert.deepEqual(await session.take(4), ["bAQIDBA==", "4between", "bAA==", "b"]);
  });

  test("text is UTF-8: what comes back is byte for byte what went", async () => {
    const session = await open();
    const text = "4h\u00e9 \u20ac \u{1f389} \u2028 \u0000 \\ \"";
    await session.post(text);
    assert.equal(await session.next(), text);
  });

  test("an empty message is a message", async () => {
    const session = await open();
    await session.post("4", "4after");
    assert.deepEqual(await session.take(2), ["4", "4after"]);
  });

  test("a body of exactly maxPayload is taken", async () => {
    const session = await open();
    const text = `4${"x".repeat(maxPayload - 1)}`;
    await session.post(text);
    assert.equal(await session.next(), text);
  });
});

describe("P2: answers", { concurrency: true }, () => {
  test("to a POST: ok", async () => {
    const session = await open();
    const { status, headers, body } = await session.postBody("4hello");
    assert.deepEqual([status, body, headers["cache-control"]], [200, "ok", "no-store"]);
    assert.match(headers["content-type"], /^text\/html/);
  });

  test("to a GET: plain UTF-8 text", async () => {
    const session = await open();
    await session.post("4hello");
    const { status, headers, body } = await session.get();
    assert.deepEqual([status, body, headers["cache-control"]], [200, "4hello", "no-store"]);
    assert.match(headers["content-type"], /^text\/plain; ?charset=utf-8$/i);
  });
});

describe("P3: a GET with nothing to send", { concurrency: true }, () => {
  test("is held until the next packet", async () => {
    const session = await open();
    let answered = false;
    const held = session.get().finally(() => (answered = true));
    await session.post("3");  // an answer to this one came, so the held one could have come too
    await session.isKnown();
    assert.equal(answered, false);
    await session.post("4now");
    assert.equal((await held).body, "4now");
  });

  test("gets all that is queued in one body", async () => {
    const session = await open();
    await session.post("4a", "4b");
    await session.post("4c");
    assert.equal((await session.get()).body, ["4a", "4b", "4c"].join(separator));
  });
});

describe("P4, P5: two requests at once", { concurrency: true }, () => {
  test("a second GET gets 400, ends the session, and the held one is told", async () => {
    const session = await open();
    const held = session.get();
    await until("the first is held", () => session.isKnown());
    const [first, second] = await Promise.all([held, session.get()]);
    const [told, refused] = first.status === 200 ? [first, second] : [second, first];
    assert.deepEqual([told.status, told.body, refused.status], [200, "1", 400]);
    await assertGone(session);
  });

  test("a second POST gets 400 and ends the session", async () => {
    const session = await open();
    const wire = await Wire.connect(server);
    wire.write(headOfPost(session, 10, "4hal"));
    await until("the second is refused", async () => (await session.postBody("4whole")).status === 400);
    await assertGone(session);
    wire.end();
  });
});

describe("P6: a held GET that its client gives up", () => {
  test("ends the session at once", async () => {
    const session = await open();
    const giveUp = new AbortController();
    const held = session.get({ signal: giveUp.signal });
    await session.post("3");
    await session.isKnown();
    giveUp.abort();
    await assert.rejects(held);
    await until("the session is gone", async () => !(await session.isKnown()), 2000);
    await assertGone(session);
  });
});

describe("P7: what cannot be parsed", { concurrency: true }, () => {
  for (const [what, body] of [["an unknown type", "abc"], ["a type above 6", "7"], ["nothing", ""],
                              ["an empty packet between two", `4a${separator}${separator}4b`],
                              ["a packet that is no digit at the end", `4a${separator}x`]])
    test(`${what} ends the session`, async () => {
      const session = await open();
      const answer = await session.postBody(body).catch((cut) => cut);
      assert.ok(answer instanceof Error || answer.status === 400 || answer.status === 200);
      await assertGone(session);
    });

  // The reference decodes what it can and passes it on.
  for (const body of ["b!!!!", "bAQ=A", "bA"])
    betterThanReference(`"${body}" is no base64 and ends the session`, async () => {
      const session = await open();
      await session.postBody(body).catch(() => {});
      await assertGone(session);
    });
});

describe("P8: bodies that are refused", { concurrency: true }, () => {
  test("above maxPayload, as announced: 413", async () => {
    const session = await open();
    assert.equal((await session.postBody(`4${"x".repeat(maxPayload)}`)).status, 413);
  });

  test("above maxPayload, in chunks that announce nothing: 413", async () => {
    const session = await open();
    const wire = await Wire.connect(server);
    wire.write(`POST ${server.path}?${session.query} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 5; ++i) wire.write(`1388\r\n${"4".repeat(5000)}\r\n`);
    assert.equal((await wire.response()).status, 413);
    wire.end();
  });

  test("chunks within maxPayload are taken", async () => {
    const session = await open();
    const wire = await Wire.connect(server);
    wire.write(`POST ${server.path}?${session.query} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n`);
    wire.write("3\r\n4he\r\n3\r\nllo\r\n0\r\n\r\n");
    assert.equal((await wire.response()).status, 200);
    assert.equal(await session.next(), "4hello");
    wire.end();
  });

  test("application/octet-stream: 400, and the session is gone", async () => {
    const session = await open();
    const { status } = await session.postBody("4bytes", { headers: { "Content-Type": "application/octet-stream" } });
    assert.equal(status, 400);
    await assertGone(session);
  });
});

describe("P9: a client that says goodbye", () => {
  test("its held GET ends with a noop, and the session is gone", async () => {
    const session = await open();
    const held = session.get();
    await until("the GET is held", () => session.isKnown());
    await session.postBody("1");
    assert.deepEqual([(await held).status, (await held).body], [200, "6"]);
    await assertGone(session);
  });
});

describe("P10: a server that says goodbye", { concurrency: true }, () => {
  const connected = async () => {
    const session = await Polling.open(app);
    await session.post('40{"token":"good"}');
    assert.match(await session.next(), /^40/);
    assert.match(await session.next(), /^42\["hello"/);
    return session;
  };

  // All up to the close packet; a noop before it says nothing.
  const goodbye = async (session) => {
    const packets = [];
    while (packets.at(-1) !== "1") packets.push(await session.next());
    return packets.filter((packet) => packet !== "6");
  };

  test("its close is the last that a held GET, or the next one, brings", async () => {
    const session = await connected();
    const next = session.next();
    await session.post('42["kick",true]');
    assert.equal(await next, "41");
    assert.deepEqual(await goodbye(session), ["1"]);
    await until("the session is gone", async () => !(await session.isKnown()));
  });

  // The npm clients act on a close before they act on what stands before it in the same body: they would
  // take being sent away for a lost connection, and come back.
  test("its close is not in one body with a message", async () => {
    const session = await connected();
    const held = session.get();
    await until("the GET is held", () => session.isKnown());
    await session.post('42["kick",true]');
    assert.equal((await held).body, "41");
    assert.match((await session.get()).body, /^(6\x1e)?1$/);
    const late = await connected();
    await late.post('42["message","x"]', '42["kick",true]');
    assert.equal((await late.get()).body, `42["message-back","x"]${separator}41`);
    assert.match((await late.get()).body, /^(6\x1e)?1$/);
  });

  test("its close waits for a GET that comes later", async () => {
    const session = await connected();
    await session.post('42["kick",true]');
    assert.deepEqual(await goodbye(session), ["41", "1"]);
    await until("the session is gone", async () => !(await session.isKnown()));
  });
});

describe("P11: compression", () => {
  test("a client that accepts gzip understands the answer", async () => {
    const session = await open();
    const text = `4${"yes ".repeat(1000)}`;
    await session.post(text);
    const { body } = await session.get({ headers: { "Accept-Encoding": "gzip, deflate" } });
    assert.equal(body, text);
  });

  test("a client that accepts none gets none", async () => {
    const session = await open();
    await session.post(`4${"no ".repeat(1000)}`);
    const { headers } = await session.get();
    assert.equal(headers["content-encoding"], undefined);
  });
});

describe("P12: connections and methods", { concurrency: true }, () => {
  test("one connection carries many requests", async () => {
    const wire = await Wire.connect(server);
    const get = (query) => `GET ${server.path}?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
    const session = await open();
    for (let i = 0; i < 20; ++i) {
      await session.post(`4${i}`);
      wire.write(get(session.query));
      assert.equal((await wire.response()).body, `4${i}`);
    }
    wire.end();
  });

  test("an agent that keeps connections open works as well", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const session = await open();
    for (let i = 0; i < 20; ++i) {
      assert.equal((await session.postBody(`4${i}`, { agent })).status, 200);
      assert.equal((await session.get({ agent })).body, `4${i}`);
    }
    agent.destroy();
  });

  for (const method of ["PUT", "DELETE", "PATCH"])
    test(`${method} is refused`, async () => {
      const session = await open();
      assert.ok((await ask(server, method, session.query)).status >= 400);
    });

  test("HEAD is no poll that loses packets", async () => {
    const session = await open();
    await session.post("4kept");
    const answer = await ask(server, "HEAD", session.query).catch((cut) => cut);
    assert.ok(answer instanceof Error || answer.status >= 400);
  });
});

test("a session on polling and one on WebSocket do not disturb each other", async () => {
  const [session, ws] = await Promise.all([open(), openWebSocket(server)]);
  await session.post("4poll");
  ws.send("4ws");
  assert.equal(await ws.next(), "4ws");
  assert.equal(await session.next(), "4poll");
  ws.end();
});
