// Every kind of sink that a node can be told of, by the settings, through the adapter in Node that it is for: the
// server's clients hear of each event what a server that emitted it would have told them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connected, clientOf, postgresAdapters, redisAdapters, redisClassic, redisStreams, threeRedisStreams } from '../emitters/support/adapters.mjs';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { Redis } from '../emitters/support/redis.mjs';
import { comesTrue, within } from '../emitters/support/waiting.mjs';
import { Listener, secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { Writer } from './support/outbox.mjs';
import { platformServer } from './support/platform_server.mjs';
import { curtain } from './support/stage.mjs';

// As long as the id of a socket, for which adapters may take it.
const twenty = 'stream:1234567890123';
// The adapters' tests want somebody in red.
const rooms = ['user:7', 'stream:3', twenty, 'red'];
const mode = ({ environment }) => environment.SUBSCRIPTION ?? 'dynamic';
const sharded = redisAdapters.filter(({ job }) => job === 'sharded');

// Whom each event is for, and whether it is larger than a notification of PostgreSQL may be.
const events = [
  { to: ['user:7'] }, { to: ['stream:3', 'user:8'] }, { to: [twenty] }, { to: ['user:8'] }, { to: [] },
  { to: ['user:7', 'stream:3'] }, { to: ['stream:3'], large: true }, { to: ['user:7'] },
];
const bodyOf = ({ large }, i) => ({ number: i, text: large ? 'ж'.repeat(6000) : 'a throne' });

leavesNothingOpen();
describe('the kinds of sinks', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const writer = raise(await Writer.on(database), (it) => it.end());

  // A Redis of its own for each, as they would share channels.
  const servers = {};
  async function onRedis(name, kind, adapter, settings = {}) {
    const redis = raise(await Redis.start(), (it) => it.stop());
    raise(adapter, (it) => it.close(redis));
    const client = await platformServer(raise, redis, adapter, rooms);
    servers[name] = { redis, client, sink: { kind, url: redis.url, ...settings }, listens: () => adapter.listens(redis, 1) };
  }
  await onRedis('classic', 'redis', redisClassic);
  await onRedis('streamed', 'redis-streams', redisStreams);
  await onRedis('streamed-by-three', 'redis-streams', threeRedisStreams, { streams: 3 });
  for (const adapter of sharded) await onRedis(`sharded-${mode(adapter)}`, 'redis-sharded', adapter, { subscription_mode: mode(adapter) });
  for (const adapter of postgresAdapters) {
    const where = raise(await Database.make(), (it) => it.drop());
    raise(adapter, (it) => it.close());
    const client = await platformServer(raise, where, adapter, rooms);
    const name = adapter.name.replace(/[ .]/g, '-');
    servers[name] = { client, sink: { kind: 'postgresql', url: where.url }, listens: () => adapter.listens(where, 1) };
  }
  for (const server of Object.values(servers)) {
    server.told = [];
    server.client.socket.onAny((...args) => server.told.push(args));
    await server.listens();
  }

  // On which channels the sharded ones are told, by a client of Redis beside the server.
  async function overhear({ redis }) {
    const spy = raise(await connected(clientOf(redis)), (it) => within(it.close(), 'the spy closes'));
    const heard = [];
    for (const channel of ['socket.io#/#', ...rooms.map((room) => `socket.io#/#${room}#`)])
      await spy.sSubscribe(channel, (message) => heard.push([channel, JSON.parse(message).data.packet.data[1].number]));
    return heard;
  }
  const overheard = {};
  for (const adapter of sharded) overheard[mode(adapter)] = await overhear(servers[`sharded-${mode(adapter)}`]);

  const node = raise(await new Node(place, database.url, {
    realtime: { jwt_key: 'env:JWT_SECRET' }, environment: { JWT_SECRET: secret },
    sinks: Object.fromEntries(Object.entries(servers).map(([name, { sink }]) => [name, sink])),
  }).start(), (it) => it.stop());
  const guest = raise(await Listener.on(node.url, { user: 7 }), (it) => it.close());
  await guest.joins('stream:3', twenty);
  await comesTrue(async () => (await database.run('SELECT 1 FROM hotclock.relay_sinks')).length === Object.keys(servers).length, 'all sinks are known');

  // A server that reads a stream reads from when it first looked: what is posted until all hear is not asked for.
  await comesTrue(async () => {
    await writer.post([]);
    return Object.values(servers).every(({ told }) => told.length > 0);
  }, () => `all hear: ${Object.entries(servers).filter(([, { told }]) => told.length === 0).map(([name]) => name)} do not`, 30_000);

  const posted = [];
  for (const [i, event] of events.entries()) {
    await writer.begin();
    const id = await writer.append(event.to, bodyOf(event, i), 'news');
    await writer.commit();
    posted.push({ ...event, number: i, told: ['news', { ...bodyOf(event, i), eventId: String(id) }] });
  }
  const mine = posted.filter(({ to }) => to.length === 0 || to.some((room) => rooms.includes(room))).map(({ told }) => told);
  const news = ({ told }) => told.filter(([name]) => name === 'news');
  const byNumber = (all) => [...all].sort(([, one], [, other]) => one.number - other.number);

  for (const [name, server] of Object.entries(servers))
    it(`of ${name}: its server tells its clients each event of their rooms`, async () => {
      await comesTrue(() => news(server).length >= mine.length, () => `all is heard: ${news(server).length} of ${mine.length}`);
      await comesTrue(async () => (await database.run(`SELECT position FROM hotclock.relay_sinks WHERE name = '${name}'`))[0].position >= Number(posted.at(-1).told[1].eventId), 'all is handed on');
      // What the PostgreSQL adapter fetches from its table may come behind what came later.
      const inOrder = server.sink.kind === 'postgresql' ? byNumber(news(server)) : news(server);
      assert.deepEqual(inOrder, mine);
      assert.equal((await database.run(`SELECT error FROM hotclock.relay_sinks WHERE name = '${name}'`))[0].error, '');
    });

  it('are told what the node tells its own clients', async () => {
    await comesTrue(() => guest.heard.length >= mine.length, 'all is heard');
    assert.deepEqual(guest.heard.slice(-mine.length), mine.map(([, { eventId }]) => Number(eventId)));
  });

  it('of redis-sharded publish where servers of their subscription mode listen', async () => {
    const main = 'socket.io#/#';
    const alone = ({ to }) => to.length === 1 && rooms.includes(to[0]);
    const channelIn = {
      static: () => main,
      dynamic: (event) => (alone(event) && event.to[0] !== twenty ? `${main}${event.to[0]}#` : main),
      'dynamic-private': (event) => (alone(event) ? `${main}${event.to[0]}#` : main),
    };
    for (const [name, channelOf] of Object.entries(channelIn)) {
      const due = posted.filter(({ to }) => to.length !== 1 || alone({ to }) || name === 'static').map((event) => [channelOf(event), event.number]);
      const numbered = () => overheard[name].filter(([, number]) => number !== undefined);
      await comesTrue(() => numbered().length >= due.length, `the spy of ${name} has heard all`);
      assert.deepEqual(numbered().sort(([, one], [, other]) => one - other), due);
    }
  });
});
