// Socket.IO protocol 5: connecting, events, acknowledgements, leaving (rules S1 to S8, S10 to S12, S16).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openWebSocket, Polling } from "./support/engine.mjs";
import { betterThanReference, serverForTests } from "./support/server.mjs";
import { call, join, openApp } from "./support/socket.mjs";
import { until } from "./support/waiting.mjs";

const echo = await serverForTests("echo");
const app = await serverForTests("app");
const impatient = await serverForTests("app", { "connect-timeout": 300 });

// Past the CONNECT answer and the `auth` event of echo mode.
async function openEcho() {
  const ws = await openWebSocket(echo);
  ws.send("40");
  assert.match(await ws.next(), /^40\{/);
  assert.equal(await ws.next(), '42["auth",{}]');
  return ws;
}

describe("S1, S2, S4: CONNECT", { concurrency: true }, () => {
  test("nothing is implicit: before CONNECT the server says nothing", async () => {
    const ws = await openWebSocket(echo);
    await ws.settled();
    assert.equal(ws.unread, 0);
    ws.end();
  });

  for (const [sent, nsp, auth] of [["0", "", "{}"], ["0{}", "", "{}"], ['0{"a":[1,"\u00e9"]}', "", '{"a":[1,"\u00e9"]}'],
                                   ["0/custom", "/custom,", "{}"], ["0/custom,", "/custom,", "{}"],
                                   ['0/custom,{"token":"x"}', "/custom,", '{"token":"x"}'], ["0/,", "", "{}"]])
    test(`"${sent}" connects, and the auth arrives as ${auth}`, async () => {
      const ws = await openWebSocket(echo);
      ws.send(`4${sent}`);
      const answer = await ws.next();
      assert.ok(answer.startsWith(`40${nsp}{`), answer);
      const payload = JSON.parse(answer.slice(2 + nsp.length));
      assert.deepEqual(Object.keys(payload), ["sid"]);
      assert.match(payload.sid, /^[A-Za-z0-9_-]{20}$/);
      assert.notEqual(payload.sid, ws.sid);
      assert.equal(await ws.next(), `42${nsp}["auth",${auth}]`);
      ws.end();
    });

  test("each namespace has an id of its own", async () => {
    const ws = await openApp(app);
    const first = ws.socketId;
    await join(ws, { nsp: "/custom" });
    assert.notEqual(ws.socketId, first);
    ws.end();
  });
});

describe("S3: a refused CONNECT", { concurrency: true }, () => {
  test("for an unknown namespace leaves the session open", async () => {
    const ws = await openWebSocket(echo);
    ws.send("40/unknown");
    assert.equal(await ws.next(), '44/unknown,{"message":"Invalid namespace"}');
    ws.send("40");
    assert.match(await ws.next(), /^40\{/);
    ws.end();
  });

  for (const [what, auth] of [["no token", ""], ["a wrong token", '{"token":"bad"}'], ["a token that is no text", '{"token":1}']])
    test(`for ${what} carries message and data, and a second try may succeed`, async () => {
      const ws = await openWebSocket(app);
      ws.send(`40${auth}`);
      assert.equal(await ws.next(), '44{"message":"unauthorized","data":{"code":401}}');
      await join(ws);
      ws.end();
    });

  test("in one namespace is none in another", async () => {
    const ws = await openApp(app);
    ws.send('40/custom,{"token":"bad"}');
    assert.equal(await ws.next(), '44/custom,{"message":"unauthorized","data":{"code":401}}');
    assert.deepEqual((await call(ws, "echo", 1)).args, [1]);
    ws.end();
  });
});

describe("S5: out of turn", { concurrency: true }, () => {
  for (const packet of ['42["message",1]', "41", "431[]", "40/custom,[]"])
    test(`"${packet}" as the first message ends the session`, async () => {
      const ws = await openWebSocket(echo);
      ws.send(packet);
      await ws.closed();
    });

  for (const packet of ['42/custom,["message",1]', '42/unknown,["message"]', "41/custom,", "43/custom,1[]"])
    test(`"${packet}" for a namespace not joined ends the session`, async () => {
      const ws = await openEcho();
      ws.send(packet);
      await ws.closed();
    });

  for (const packet of ["40", "40{}"])
    test(`a second CONNECT ("${packet}") ends the session`, async () => {
      const ws = await openEcho();
      ws.send(packet);
      await ws.closed();
    });

  test("a server's packet, CONNECT_ERROR, ends the session", async () => {
    const ws = await openEcho();
    ws.send('44{"message":"no"}');
    await ws.closed();
  });
});

describe("S6: no CONNECT in time", { concurrency: true }, () => {
  test("ends the session", async () => {
    const begun = Date.now();
    await (await openWebSocket(impatient)).closed(3000);
    assert.ok(Date.now() - begun >= 280);
  });

  test("a refused one is none", async () => {
    const ws = await openWebSocket(impatient);
    ws.send("40");
    assert.match(await ws.next(), /^44/);
    await ws.closed(3000);
  });

  test("who connected may stay", async () => {
    const ws = await openApp(impatient);
    const silent = await openWebSocket(impatient);
    await silent.closed(3000);
    assert.deepEqual((await call(ws, "echo", 1)).args, [1]);
    ws.end();
  });
});

describe("S7: what may not be in a packet ends the session", { concurrency: true }, () => {
  const assertEnds = async (packet) => {
    const ws = await openEcho();
    ws.send(packet);
    await ws.closed(3000);
    assert.equal(ws.unread, 0);
  };

  for (const packet of ["42{}", '42"x"', "42null", "42[]", "42true", "42[null]", "42[{}]", "42[[]]", "42[true]",
                        '42["message"', '42["message",]', "42[message]", '42["message"]x', '42["message"][1]',
                        '42["connect"]', '42["connect_error"]', '42["disconnect"]', '42["disconnecting"]',
                        '42["newListener"]', '42["removeListener"]',
                        "40[]", '40"x"', "40null", "401", "40{", "41{}", '41"bye"', "431{}", '431"x"', "43[]x",
                        "4", "47", "48[]", "49", "4x", "4-1", "42-[]", '42/custom["message"]'])
    test(`"${packet}"`, () => assertEnds(packet));

  // The reference takes the payload's absence for an event without a name.
  for (const packet of ["42", "421", "42/", "431", "43"])
    betterThanReference(`"${packet}", no payload`, () => assertEnds(packet));

  test("the same over polling", async () => {
    const session = await Polling.open(echo);
    await session.post("40");
    await session.take(2);
    await session.postBody("42{}").catch(() => {});
    const last = await session.get();
    assert.ok(last.status === 400 || last.body.endsWith("1"), last.body);
    await until("the session is gone", async () => !(await session.isKnown()));
  });
});

describe("S8: acknowledgements", { concurrency: true }, () => {
  for (const id of ["0", "1", "12", "4294967296", "9007199254740991"])
    test(`the id ${id} comes back digit by digit`, async () => {
      const ws = await openEcho();
      ws.send(`42${id}["message-with-ack",1,"2",{"3":[false]}]`);
      assert.equal(await ws.next(), `43${id}[1,"2",{"3":[false]}]`);
      ws.end();
    });

  test("in a namespace", async () => {
    const ws = await openWebSocket(app);
    await join(ws, { nsp: "/custom" });
    ws.send('42/custom,7["echo","here"]');
    assert.equal(await ws.next(), '43/custom,7["here"]');
    ws.end();
  });

  test("without arguments is an empty array", async () => {
    const ws = await openEcho();
    ws.send('423["message-with-ack"]');
    assert.equal(await ws.next(), "433[]");
    ws.end();
  });

  test("ids nobody waits for are ignored", async () => {
    const ws = await openEcho();
    ws.send("430[]", '4399999["late"]', '42["message","alive"]');
    assert.equal(await ws.next(), '42["message-back","alive"]');
    ws.end();
  });

  test("an event nobody listens to is ignored", async () => {
    const ws = await openEcho();
    ws.send('42["nobody"]', '42[17,"a number is a name"]', '42["message","alive"]');
    assert.equal(await ws.next(), '42["message-back","alive"]');
    ws.end();
  });
});

describe("S10, S11: DISCONNECT", { concurrency: true }, () => {
  test("leaves one namespace, and the session stays", async () => {
    const ws = await openApp(app);
    await join(ws, { nsp: "/custom" });
    ws.send("41", '42/custom,1["echo",1]');
    assert.equal(await ws.next(), "43/custom,1[1]");
    ws.send("41/custom,");
    await join(ws);  // with none left it is still open, and may come back
    assert.deepEqual((await call(ws, "echo", "again")).args, ["again"]);
    ws.end();
  });

  test("what follows for that namespace is out of turn", async () => {
    const ws = await openApp(app);
    ws.send("41");
    await ws.settled();
    ws.send('42["echo",1]');
    await ws.closed();
  });

  // The reference handles the two side by side and hangs up.
  betterThanReference("who leaves may come back in the same breath", async () => {
    const ws = await openApp(app);
    ws.send("41");
    await join(ws);
    ws.end();
  });

  test("by the server names the namespace and leaves the session open", async () => {
    const ws = await openApp(app);
    await join(ws, { nsp: "/custom" });
    ws.send('42/custom,["kick",false]');
    assert.equal(await ws.next(), "41/custom,");
    assert.deepEqual((await call(ws, "echo", 1)).args, [1]);
    ws.end();
  });

  test("by the server for all: each namespace is told, then the session is closed", async () => {
    const ws = await openApp(app);
    await join(ws, { nsp: "/custom" });
    ws.send('42["kick",true]');
    assert.deepEqual([await ws.next(), await ws.next()].sort(), ["41", "41/custom,"].sort());
    await ws.closed();
  });
});

describe("S12: the server asks", { concurrency: true }, () => {
  const question = /^42(\d+)\["question","why\?"\]$/;
  const asked = async (ws) => {
    ws.send('425["ask-me","why?"]');
    return question.exec(await ws.next())[1];
  };

  test("and passes the answer on", async () => {
    const ws = await openApp(app);
    ws.send(`43${await asked(ws)}["because"]`);
    assert.equal(await ws.next(), '435[{"answer":"because"}]');
    ws.end();
  });

  test("and takes an answer once", async () => {
    const ws = await openApp(app);
    const id = await asked(ws);
    ws.send(`43${id}["first"]`, `43${id}["second"]`, '426["echo","end"]');
    assert.equal(await ws.next(), '435[{"answer":"first"}]');
    assert.equal(await ws.next(), '436["end"]');
    ws.end();
  });

  test("and waits no longer than its timeout, 2 s", async () => {
    const ws = await openApp(app);
    const begun = Date.now();
    const id = await asked(ws);
    assert.equal(await ws.next(4000), '435[{"timeout":true}]');
    assert.ok(Date.now() - begun >= 1950);
    ws.send(`43${id}["too late"]`, '426["echo","end"]');
    assert.equal(await ws.next(), '436["end"]');
    ws.end();
  });

  test("and gives up when the client leaves", async () => {
    const ws = await openApp(app);
    await asked(ws);
    ws.cut();
    const other = await openApp(app);
    assert.deepEqual((await call(other, "echo", "well")).args, ["well"]);
    other.end();
  });
});

describe("S16: what JSON holds", { concurrency: true }, () => {
  for (const value of ["1", "-1", "1.5", "1e+21", "9007199254740991", "0.1", "5e-324", "true", "null", '""', "[]", "{}", "[[[[]]]]",
                       '"\u00e9 \u20ac \u{1f389}"', '"\u2028\u2029"', '"\\u0000\\u001e\\u001f"', '"\\"\\\\/"', '"\u007f"',
                       '{"z":1,"a":{"y":[1,{"b":null}]}}', '{"":0}', '{"__proto__":1}', '{"a b":"\\n\\t\\r\\b\\f"}'])
    test(`${value} comes back byte for byte`, async () => {
      const ws = await openEcho();
      ws.send(`42["message",${value}]`);
      assert.equal(await ws.next(), `42["message-back",${value}]`);
      ws.end();
    });

  test("0x1e never stands raw in a poll", async () => {
    const session = await Polling.open(echo);
    await session.post("40");
    await session.take(2);
    await session.post('42["message","a\\u001eb"]', '42["message","end"]');
    assert.deepEqual(await session.take(2), ['42["message-back","a\\u001eb"]', '42["message-back","end"]']);
  });

  test("spaces between are taken", async () => {
    const ws = await openEcho();
    ws.send('42[ "message" , { "a" : 1 } ]');
    assert.match(await ws.next(), /^42\["message-back", ?\{ ?"a" ?: ?1 ?\} ?\]$/);
    ws.end();
  });
});
