// The clients people use, in eight versions and over each transport, against a server in app mode.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serverForTests } from "./support/server.mjs";
import { ask, client, connected, next, onWebSocket, recovers, transports, versions } from "./support/npm_client.mjs";
import { openAppPolling } from "./support/socket.mjs";
import { until, within } from "./support/waiting.mjs";

const server = await serverForTests("app", { "max-payload": 3_000_000 });
const recovering = await serverForTests("app", { recovery: 60 });
const nervous = await serverForTests("app", { "ping-interval": 150, "ping-timeout": 5000 });
const newest = versions.at(-1);

// What a test connects, it leaves again.
function withClients(body) {
  return async () => {
    const all = [];
    const connect = async (...args) => {
      all.push(await connected(...args));
      return all.at(-1);
    };
    try {
      await body(connect, all);
    } finally {
      for (const socket of all) socket.disconnect();
    }
  };
}

for (const version of versions)
  for (const [by, transport] of Object.entries(transports))
    describe(`client ${version} by ${by}`, { concurrency: true }, () => {
      const options = { transports: transport };
      const withOne = (body) => withClients(async (connect) => body(await connect(server, version, options), connect));

      test("connects and is greeted", withOne((socket) => {
        assert.equal(socket.connected, true);
        assert.deepEqual(socket.hello, { recovered: false });
        assert.match(socket.id, /^[A-Za-z0-9_-]{20}$/);
      }));

      test("is refused with message and data", async () => {
        const socket = client(server, version, { ...options, token: "bad" });
        const [error] = await next(socket, "connect_error");
        assert.deepEqual([error.message, error.data], ["unauthorized", { code: 401 }]);
        socket.disconnect();
      });

      test("is refused a namespace that is not there", async () => {
        const socket = client(server, version, { ...options, nsp: "/nowhere" });
        assert.equal((await next(socket, "connect_error"))[0].message, "Invalid namespace");
        socket.disconnect();
      });

      test("uses two namespaces over one connection", withClients(async (connect, all) => {
        const first = await connect(server, version, options);
        const second = first.io.socket("/custom", { auth: { token: "good" } });
        all.push(second);
        await next(second, "connect");
        assert.notEqual(second.id, first.id);
        assert.deepEqual(await ask(second, "echo", "here"), ["here"]);
        first.disconnect();
        assert.deepEqual(await ask(second, "echo", "still here"), ["still here"]);
      }));

      test("sends events and gets them back", withOne(async (socket) => {
        const back = next(socket, "message-back");
        socket.emit("message", 1, "\u00e9\u{1f389}\u0000\u001e\u2028", { a: [null, true, 1.5] });
        assert.deepEqual(await back, [1, "\u00e9\u{1f389}\u0000\u001e\u2028", { a: [null, true, 1.5] }]);
      }));

      test("is acknowledged, and acknowledges", withOne(async (socket) => {
        assert.deepEqual(await ask(socket, "echo", 1, "two", { three: [3] }), [1, "two", { three: [3] }]);
        assert.deepEqual(await ask(socket, "echo"), []);
        socket.once("question", (question, answer) => answer(`${question} indeed`));
        assert.deepEqual(await ask(socket, "ask-me", "why"), [{ answer: "why indeed" }]);
      }));

      test("sends and gets bytes", withOne(async (socket) => {
        const bytes = Buffer.from([0, 1, 0x1e, 0xff]);
        assert.deepEqual(await ask(socket, "echo", bytes, { deep: [Buffer.alloc(0), bytes] }),
                         [bytes, { deep: [Buffer.alloc(0), bytes] }]);
        const back = next(socket, "message-back");
        socket.emit("message", bytes);
        assert.deepEqual(await back, [bytes]);
        socket.once("question", (_, answer) => answer(bytes));
        assert.deepEqual(await ask(socket, "ask-me", "bytes?"), [{ answer: bytes }]);
      }));

      test("hears its rooms, in order, and no others", withOne(async (socket, connect) => {
        const room = `${version}-${by}`;
        const other = await connect(server, newest, transports.websocket);
        await ask(socket, "subscribe", room);
        const heard = [];
        socket.on("news", (what) => heard.push(what));
        for (let i = 0; i < 20; ++i) {
          other.emit("publish", room, "news", i);
          other.emit("publish", `${room}-other`, "news", "wrong");
        }
        assert.deepEqual(await ask(other, "publish", room, "news", "end"), [{ ok: true }]);
        await until("the end is heard", () => heard.includes("end"));
        assert.deepEqual(heard, [...Array(20).keys(), "end"]);
        await ask(socket, "unsubscribe", room);
        await ask(other, "publish", room, "news", "gone");
        await ask(socket, "echo");
        assert.equal(heard.length, 21);
      }));

      test("gets a burst in order, whatever happens to its transport meanwhile", withOne(async (socket) => {
        const heard = [];
        const complete = new Promise((done) => socket.on("seq", (i) => heard.push(i) === 1000 && done()));
        for (let i = 0; i < 5; ++i) socket.emit("burst", 200);
        await within(8000, "a thousand events arrive", complete);
        assert.deepEqual(heard, Array.from({ length: 1000 }, (_, i) => i % 200));
        if (by === "upgrade") await onWebSocket(socket);
      }));

      test("answers to and fro keep their order across the upgrade", withOne(async (socket) => {
        const got = [];
        const all = Array.from({ length: 300 }, (_, i) => ask(socket, "echo", i).then(([at]) => got.push(at)));
        await Promise.all(all);
        assert.deepEqual(got, [...Array(300).keys()]);
      }));

      test("is sent away and does not come back", withOne(async (socket) => {
        const gone = next(socket, "disconnect");
        socket.emit("kick", false);
        assert.equal((await gone)[0], "io server disconnect");
        assert.equal(socket.active ?? false, false);
      }));

      test("is sent away from all namespaces", withOne(async (socket) => {
        const gone = next(socket, "disconnect");
        socket.emit("kick", true);
        assert.equal((await gone)[0], "io server disconnect");
        await until("the connection is closed", () => socket.io.engine.readyState === "closed");
      }));

      test("leaves, and may come back", withOne(async (socket) => {
        const old = socket.id;
        const gone = next(socket, "disconnect");
        socket.disconnect();
        assert.equal((await gone)[0], "io client disconnect");
        const hello = next(socket, "hello");
        socket.connect();
        await hello;
        assert.notEqual(socket.id, old);
      }));

      test("lives on by its heartbeat", withClients(async (connect) => {
        const socket = await connect(nervous, version, options);
        let gone;
        socket.on("disconnect", (why) => (gone = why));
        let pings = 0;
        socket.io.engine.on("packet", ({ type }) => (pings += type === "ping"));
        await until("five pings came", () => pings >= 5 || gone);
        assert.equal(gone, undefined);
        assert.deepEqual(await ask(socket, "echo", 1), [1]);
      }));

      test("comes back by itself after the connection was lost", withOne(async (socket) => {
        const old = socket.id;
        const back = next(socket, "hello");
        socket.io.engine.close();
        const [hello] = await back;
        assert.equal(hello.recovered, false);
        assert.notEqual(socket.id, old);
      }));

      if (recovers(version))
        test("is recovered with what it missed", withClients(async (connect) => {
          const socket = await connect(recovering, version, options);
          const other = await connect(recovering, newest, transports.websocket);
          const room = `recovery-${version}-${by}`;
          await ask(socket, "subscribe", room);
          const heard = [], old = socket.id;
          socket.on("news", (...what) => heard.push(what[0]));
          await ask(other, "publish", room, "news", "before");
          await until("it is heard", () => heard.length === 1);
          const { engine } = socket.io;
          const gone = next(socket, "disconnect");
          const hello = next(socket, "hello");
          socket.io.reconnectionDelay(300);
          engine.close();
          await gone;
          await ask(other, "publish", room, "news", { missed: Buffer.from([1]) });
          await ask(other, "publish", room, "news", "too");
          assert.equal((await hello)[0].recovered, true);
          assert.deepEqual([socket.recovered, socket.id], [true, old]);
          await ask(other, "publish", room, "news", "after");
          await until("all is heard", () => heard.length === 4);
          assert.deepEqual(heard, ["before", { missed: Buffer.from([1]) }, "too", "after"]);
        }));
    });

describe("the newest client", () => {
  for (const [by, transport] of Object.entries(transports)) {
    test(`sends and gets a megabyte by ${by}`, withClients(async (connect) => {
      const socket = await connect(server, newest, { transports: transport });
      const text = "\u00e9x".repeat(330_000), bytes = Buffer.alloc(1_000_000, 7);
      assert.deepEqual(await ask(socket, "echo", text), [text]);
      assert.ok((await ask(socket, "echo", bytes))[0].equals(bytes));
      const blob = next(socket, "blob");
      await ask(socket, "big", 1_000_000);
      assert.equal((await blob)[0].length, 1_000_000);
    }));

    test(`connects and leaves five hundred times by ${by}, and nothing is left`, withClients(async (connect) => {
      const observer = await connect(server, newest, { transports: transports.websocket });
      const [before] = await ask(observer, "stats");
      const each = async () => {
        const socket = await connected(server, newest, { transports: transport });
        socket.disconnect();
      };
      for (let i = 0; i < 500; i += 25) await Promise.all(Array.from({ length: 25 }, each));
      await until("all of them are gone", async () => (await ask(observer, "stats"))[0].clients <= before.clients, 10_000);
    }));
  }

  test("hears no volatile event that could not be written", withClients(async (connect) => {
    const session = await openAppPolling(server);
    await session.post('421["subscribe","volatile"]');
    await session.next();
    const socket = await connect(server, newest, { transports: transports.websocket });
    await ask(socket, "publish-volatile", "volatile", "lost", 1);
    await ask(socket, "publish", "volatile", "kept", 2);
    assert.equal(await session.next(), '42["kept",2]');
    await session.close();
  }));

  test("hears one that can be written", withClients(async (connect) => {
    const socket = await connect(server, newest, { transports: transports.websocket });
    await ask(socket, "subscribe", "quick");
    const heard = next(socket, "news");
    await ask(socket, "publish-volatile", "quick", "news", "now");
    assert.deepEqual(await heard, ["now"]);
  }));

  test("of whom two share a room: publish-others is for the other", withClients(async (connect) => {
    const [a, b] = [await connect(server, newest), await connect(server, newest)];
    for (const socket of [a, b]) await ask(socket, "subscribe", "pair");
    const heard = { a: [], b: [] };
    a.on("news", (what) => heard.a.push(what));
    b.on("news", (what) => heard.b.push(what));
    await ask(a, "publish-others", "pair", "news", 1);
    await ask(b, "publish-others", "pair", "news", 2);
    for (const socket of [a, b]) await ask(socket, "echo");
    assert.deepEqual(heard, { a: [2], b: [1] });
  }));

  test("asks, is asked, and neither answers: the server waits 2 s and no longer", withClients(async (connect) => {
    const socket = await connect(server, newest);
    assert.deepEqual(await ask(socket, "ask-me", "anyone?"), [{ timeout: true }]);
  }));
});
