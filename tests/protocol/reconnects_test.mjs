// One client that loses its connection five hundred times, as one in a train does, while events go on: it misses
// nothing, and the server keeps nothing of the connections before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serverForTests } from "./support/server.mjs";
import { ask, connected, next, transports } from "./support/npm_client.mjs";
import { until } from "./support/waiting.mjs";

const times = 500;
const server = await serverForTests("app", { recovery: 60 });

for (const [by, transport] of Object.entries(transports))
  test(`a client comes back ${times} times by ${by} and hears every event once`, async () => {
    const options = { transports: transport, reconnectionDelay: 1 };
    const socket = await connected(server, "4.8", options);
    const publisher = await connected(server, "4.8", { transports: ["websocket"] });
    try {
      const heard = [], recoveries = [];
      socket.on("news", (number) => heard.push(number));
      await ask(socket, "subscribe", by);
      socket.on("connect", () => recoveries.push(socket.recovered));
      let published = 0, ours;
      const publish = () => ask(publisher, "publish", by, "news", published++);
      // The first offset is an event's.
      await publish();
      await until("the first is heard", () => heard.length === 1);
      const { id } = socket;
      for (let i = 0; i < times; ++i) {
        const back = next(socket, "connect");
        socket.io.engine.close();
        const meanwhile = publish();
        await back;
        await meanwhile;
        // What it grew to while everything was first done.
        if (i === times / 5) ours = server.residentMiB();
      }
      await until("all is heard", () => heard.length >= published, 15_000);
      assert.deepEqual(heard, Array.from({ length: times + 1 }, (_, i) => i));
      assert.deepEqual(recoveries, Array(times).fill(true));
      assert.equal(socket.id, id);
      await until("no connection before is left", async () => {
        const [{ clients, sockets }] = await ask(publisher, "stats");
        return clients === 2 && sockets === 2;
      });
      const grown = server.residentMiB() - ours;
      assert.ok(grown < 8, `${grown} MiB more`);
    } finally {
      socket.disconnect();
      publisher.disconnect();
    }
  });
