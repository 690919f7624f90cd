// Socket.IO: a connection that was lost goes on where it was (section 1.7).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { knows, openWebSocket, Polling } from "./support/engine.mjs";
import { betterThanReference, serverForTests } from "./support/server.mjs";
import { call, openApp } from "./support/socket.mjs";
import { until } from "./support/waiting.mjs";

const server = await serverForTests("app", { recovery: 30 });
const brief = await serverForTests("app", { recovery: 1 });
const nervous = await serverForTests("app", { recovery: 30, "ping-interval": 200, "ping-timeout": 200 });

// A client of such a server: it keeps the offset of each event, as the npm clients do.
class Client {
  events = [];

  static async connect(at, { auth = {}, nsp = "" } = {}) {
    const client = new Client();
    client.server = at;
    client.ws = await openWebSocket(at);
    client.nsp = nsp && `${nsp},`;
    client.ws.send(`40${client.nsp}${JSON.stringify({ token: "good", ...auth })}`);
    await client.#greeted(auth.pid);
    return client;
  }
  // Until both the CONNECT answer and the `hello` of this connection are there. What was missed may come
  // before or between them, and the first connection's `hello` may be among it.
  async #greeted(claimed) {
    const greeted = () => this.sid !== undefined && this.recovered === (this.pid === claimed);
    while (!greeted()) {
      const packet = await this.ws.next();
      if (`${packet}`.startsWith(`40${this.nsp}`)) Object.assign(this, JSON.parse(packet.slice(2 + this.nsp.length)));
      else this.#event(packet);
    }
  }
  #event(packet) {
    if (Buffer.isBuffer(packet)) return this.events.push(packet.toString("hex"));
    const [name, ...args] = JSON.parse(packet.replace(/^4[25](\d+-)?(\/[^,]*,)?/, ""));
    this.offset = args.pop();
    assert.equal(typeof this.offset, "string", `an offset is behind ${packet}`);
    if (name === "hello") this.recovered = args[0].recovered;
    else this.events.push([name, ...args]);
    return undefined;
  }
  async call(...args) {
    const { args: answer, before } = await call(this.ws, ...args);
    before.forEach((packet) => this.#event(packet));
    return answer;
  }
  async subscribed(room) {
    await this.call("subscribe", room);
    return this;
  }
  async sees(count) {
    while (this.events.length < count) this.#event(await this.ws.next());
    return this.events;
  }
  get memory() {
    return { pid: this.pid, offset: this.offset };
  }
  // The connection is reset, and the server has noticed.
  async lost() {
    this.ws.cut();
    await until("the server noticed", async () => !(await knows(this.server, this.ws.sid, "websocket")));
  }
  back(memory = this.memory, options = {}) {
    return Client.connect(this.server, { auth: memory, ...options });
  }
}

const publisher = await Client.connect(server);
const publish = (room, event, data) => publisher.call("publish", room, event, data);

async function assertNew(client, old) {
  assert.equal(client.recovered, false);
  assert.notEqual(client.sid, old.sid);
  assert.notEqual(client.pid, old.pid);
  // It is a session like any other.
  assert.deepEqual(await client.call("echo", 1), [1]);
  client.ws.end();
}

function assertRecovered(client, old) {
  assert.equal(client.recovered, true);
  assert.equal(client.sid, old.sid);
  assert.equal(client.pid, old.pid);
}

describe("what recovery adds to packets", { concurrency: true }, () => {
  test("a private id in the CONNECT answer", async () => {
    const client = await Client.connect(server);
    assert.match(client.pid, /^[A-Za-z0-9_-]{20,}$/);
    assert.ok(client.pid !== client.sid && client.pid !== client.ws.sid);
    client.ws.end();
  });

  test("an offset behind each event, none behind what asks for an answer or is one", async () => {
    const client = await Client.connect(server);
    client.ws.send('42["message","text"]', '427["ask-me","q"]', '428["echo","x"]');
    assert.match(await client.ws.next(), /^42\["message-back","text","[^"]+"\]$/);
    assert.match(await client.ws.next(), /^42\d+\["question","q"\]$/);
    assert.equal(await client.ws.next(), '438["x"]');
    client.ws.end();
  });

  test("no two events share an offset", async () => {
    const client = await Client.connect(server);
    client.ws.send('42["burst",100]');
    const offsets = new Set();
    for (let i = 0; i < 100; ++i) offsets.add(JSON.parse((await client.ws.next()).slice(2))[2]);
    assert.equal(offsets.size, 100);
    client.ws.end();
  });
});

describe("a client that was lost", { concurrency: true }, () => {
  test("is who it was, in the rooms it was in", async () => {
    const client = await (await Client.connect(server)).subscribed("a");
    await client.lost();
    const back = await client.back();
    assertRecovered(back, client);
    await publish("a", "news", 1);
    await publish(client.sid, "for-you", 2);
    assert.deepEqual(await back.sees(2), [["news", 1], ["for-you", 2]]);
    back.ws.end();
  });

  test("gets what it missed, in order and once, and nothing else", async () => {
    const client = await (await Client.connect(server)).subscribed("b");
    await publish("b", "news", "seen");
    await client.sees(1);
    await client.lost();
    for (let i = 0; i < 20; ++i) {
      await publish("b", "news", i);
      await publish("not-b", "news", i);
    }
    const back = await client.back();
    assertRecovered(back, client);
    await publish("b", "news", "end");
    assert.deepEqual(await back.sees(21), [...Array.from({ length: 20 }, (_, i) => ["news", i]), ["news", "end"]]);
    back.ws.end();
  });

  test("gets bytes it missed", async () => {
    const client = await (await Client.connect(server)).subscribed("c");
    await client.lost();
    publisher.ws.send('451-["publish","c","blob",{"_placeholder":true,"num":0}]', Buffer.from([1, 2]));
    await publish("c", "news", "end");
    const back = await client.back();
    assertRecovered(back, client);
    assert.deepEqual(await back.sees(3), [["blob", { _placeholder: true, num: 0 }], "0102", ["news", "end"]]);
    back.ws.end();
  });

  test("may be lost again and again", async () => {
    let client = await (await Client.connect(server)).subscribed("d");
    for (let i = 0; i < 3; ++i) {
      await client.lost();
      await publish("d", "news", i);
      const back = await client.back();
      assertRecovered(back, client);
      assert.deepEqual(await back.sees(1), [["news", i]]);
      client = back;
    }
    client.ws.end();
  });

  test("by a ping timeout comes back, too", async () => {
    const client = await Client.connect(nervous);
    await client.ws.closed();
    const back = await client.back();
    assertRecovered(back, client);
    back.ws.end();
  });

  test("on polling comes back on WebSocket", async () => {
    const session = await Polling.open(server);
    await session.post('40{"token":"good"}');
    const { sid, pid } = JSON.parse((await session.next()).slice(2));
    const offset = JSON.parse((await session.next()).slice(2)).at(-1);
    await session.close();
    const back = await Client.connect(server, { auth: { pid, offset } });
    assertRecovered(back, { sid, pid });
    back.ws.end();
  });

  test("in another namespace is another matter", async () => {
    const client = await Client.connect(server, { nsp: "/custom" });
    await client.lost();
    await assertNew(await client.back(client.memory), client);
    const back = await client.back(client.memory, { nsp: "/custom" });
    assertRecovered(back, client);
    back.ws.end();
  });

  test("may have been silent for longer than events are kept", async () => {
    const client = await (await Client.connect(brief)).subscribed("e");
    const noise = await Client.connect(brief);
    const kept = Date.now() + 2500;
    while (Date.now() < kept) await noise.call("publish", "elsewhere", "news", 1);
    await client.lost();
    await noise.call("publish", "e", "news", "missed");
    const back = await client.back();
    assertRecovered(back, client);
    assert.deepEqual(await back.sees(1), [["news", "missed"]]);
    back.ws.end();
    noise.ws.end();
  });
});

describe("a new session, without an error, is what", { concurrency: true }, () => {
  test("who left by itself gets", async () => {
    const client = await Client.connect(server);
    client.ws.send("41");
    await client.ws.settled();
    await client.lost();
    await assertNew(await client.back(), client);
  });

  for (const close of [false, true])
    test(`who was sent away gets (close: ${close})`, async () => {
      const client = await Client.connect(server);
      client.ws.send(`42["kick",${close}]`);
      assert.equal(await client.ws.next(), "41");
      await client.lost();
      await assertNew(await client.back(), client);
    });

  test("who comes too late gets", async () => {
    const client = await Client.connect(brief);
    await client.lost();
    const late = Date.now() + 1300;
    await until("its time is over", () => Date.now() > late);
    await assertNew(await client.back(), client);
  });

  for (const [what, memory] of [["an unknown id", { pid: "AAAAAAAAAAAAAAAAAAAA", offset: "AAAAA" }],
                                ["a number", { pid: 1, offset: 2 }], ["an object", { pid: {}, offset: [] }],
                                ["an empty text", { pid: "", offset: "" }], ["null", { pid: null, offset: null }]])
    test(`${what} gets`, async () => {
      await assertNew(await Client.connect(server, { auth: memory }), {});
    });

  for (const offset of [5, null, {}, "unknown", "", "99999999999999999999", "-1"])
    test(`the offset ${JSON.stringify(offset)} gets`, async () => {
      const client = await Client.connect(server);
      await client.lost();
      await assertNew(await client.back({ pid: client.pid, offset }), client);
    });
});

describe("better than the reference", { concurrency: true }, () => {
  betterThanReference("a session is taken once: whoever comes second, the first has ended", async () => {
    const client = await Client.connect(server);
    await client.lost();
    const [first, second] = [await client.back(), await client.back()];
    assertRecovered(first, client);
    if (second.sid === first.sid) await first.ws.closed();
    second.ws.end();
    first.ws.end();
  });

  betterThanReference("a connection that is only half gone gives way to the one that comes back", async () => {
    const client = await (await Client.connect(server)).subscribed("h");
    await publish("h", "news", "seen");
    await client.sees(1);
    const back = await client.back();  // the old one is still open
    assertRecovered(back, client);
    await client.ws.closed();
    await publish("h", "news", 1);
    assert.deepEqual(await back.sees(1), [["news", 1]]);
    back.ws.end();
  });

  betterThanReference("what a half-gone connection never read is sent again", async () => {
    const client = await (await Client.connect(server)).subscribed("i");
    const { memory } = client;
    for (let i = 0; i < 5; ++i) await publish("i", "news", i);
    const back = await client.back(memory);
    assertRecovered(back, client);
    assert.deepEqual(await back.sees(5), Array.from({ length: 5 }, (_, i) => ["news", i]));
    back.ws.end();
  });

  betterThanReference("who lost the connection before its first event is recovered from its beginning", async () => {
    const client = await (await Client.connect(server)).subscribed("j");
    await client.lost();
    await publish("j", "news", 1);
    const back = await client.back({ pid: client.pid });
    assertRecovered(back, client);
    await until("the missed event came", async () => (await back.sees(1)).some(([name]) => name === "news"));
    back.ws.end();
  });

  // A volatile event without an offset ends with a text of its own, which clients take for one.
  betterThanReference("a volatile event that ends with a text does not spoil the offset", async () => {
    const client = await (await Client.connect(server)).subscribed("k");
    await publisher.call("publish-volatile", "k", "news", "a text");
    assert.deepEqual(await client.sees(1), [["news", "a text"]]);
    await client.lost();
    await publish("k", "news", "missed");
    const back = await client.back();
    assertRecovered(back, client);
    assert.deepEqual(await back.sees(1), [["news", "missed"]]);
    back.ws.end();
  });
});

test("the publisher is no worse for all this", async () => {
  assert.deepEqual(await publisher.call("echo", "well"), ["well"]);
  publisher.ws.end();
});
