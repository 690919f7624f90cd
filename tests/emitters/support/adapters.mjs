// The adapters that the emitters are tried against: each makes what a server of its kind is given, tells
// when the servers listen, and leaves nothing behind.
import { readFileSync } from 'node:fs';
import { classic, createClient, createCluster, postgres, sharded, streams } from './packages.mjs';
import { comesTrue, endAll, within } from './waiting.mjs';

const nsps = ['/', '/streams'];

async function connected(client) {
  client.on('error', () => {});  // it connects again by itself
  await within(client.connect(), 'a client connects to Redis');
  return client;
}

// A cluster's client ends its connection to a node with the last channel there, and fails whoever is about to
// give one back; the adapter waits for none of it.
function clientOfCluster({ rootNodes }) {
  const client = createCluster({ rootNodes });
  for (const name of ['unsubscribe', 'pUnsubscribe', 'sUnsubscribe']) {
    const giveBack = client[name].bind(client);
    client[name] = (...channels) => giveBack(...channels).catch(() => {});
  }
  return client;
}

function clientOf(redis) {
  if (redis.rootNodes) return clientOfCluster(redis);
  const tls = redis.tls && { tls: true, ca: [readFileSync(redis.authority)] };
  return createClient({ url: redis.url, socket: { reconnectStrategy: 20, ...tls } });
}

class RedisAdapter {
  constructor(name, job, environment, make) { Object.assign(this, { name, job, environment, make, clients: [] }); }

  async adapter(redis) {
    const pub = await connected(clientOf(redis));
    const sub = await connected(clientOf(redis));
    this.clients.push(pub, sub);
    return this.make(pub, sub);
  }

  variables(redis) { return { REDIS_URL: redis.url, ...(redis.tls && { CA_FILE: redis.authority }), ...this.environment }; }

  // Adapters do not wait until their channels are given back.
  async close(redis) {
    const ends = this.clients.splice(0).map((client) => () => within(client.close(), 'a client of Redis closes'));
    await endAll(() => comesTrue(() => redis.channels() === 0, 'nothing is subscribed to'), ...ends);
  }
}

class ClassicAdapter extends RedisAdapter {
  async listens(redis, servers) {
    await comesTrue(() => redis.patterns() >= nsps.length, 'patterns are subscribed to');
    const requests = nsps.map((nsp) => `socket.io-request#${nsp}#`);
    await comesTrue(() => requests.every((channel) => redis.subscribers('NUMSUB', channel) === servers), 'requests are subscribed to');
  }
}

class ShardedAdapter extends RedisAdapter {
  async listens(redis, servers) {
    const channels = nsps.map((nsp) => `socket.io#${nsp}#`);
    if (this.environment.SUBSCRIPTION !== 'static') channels.push('socket.io#/#red#');
    await comesTrue(() => channels.every((channel) => redis.subscribers('SHARDNUMSUB', channel) === servers), () => `${channels} are subscribed to`);
  }
}

class StreamsAdapter extends RedisAdapter {
  // Each server reads each stream in a blocking XREAD of a connection of its own.
  async listens(redis, servers) {
    const readers = servers * Number(this.environment.STREAM_COUNT ?? 1);
    await comesTrue(() => redis.blocked() === readers, () => `${readers} readers wait`);
    const channels = nsps.map((nsp) => `socket.io#${nsp}#`);
    await comesTrue(() => channels.every((channel) => redis.subscribers('NUMSUB', channel) === servers), 'channels are subscribed to');
  }
}

export const redisClassic = new ClassicAdapter('redis', 'redis', {}, (pub, sub) => classic(pub, sub));
export const redisSharded = new ShardedAdapter('redis sharded', 'sharded', {}, (pub, sub) => sharded(pub, sub));
export const redisStreams = new StreamsAdapter('redis streams', 'streams', {}, (pub) => streams(pub, { blockTimeInMs: 500 }));
export const threeRedisStreams = new StreamsAdapter('redis streams, three of them', 'streams', { STREAM_COUNT: '3' },
  (pub) => streams(pub, { blockTimeInMs: 500, streamCount: 3 }));
export const redisAdapters = [
  redisClassic,
  redisSharded,
  new ShardedAdapter('redis sharded, static', 'sharded', { SUBSCRIPTION: 'static' },
    (pub, sub) => sharded(pub, sub, { subscriptionMode: 'static' })),
  new ShardedAdapter('redis sharded, dynamic-private', 'sharded', { SUBSCRIPTION: 'dynamic-private' },
    (pub, sub) => sharded(pub, sub, { subscriptionMode: 'dynamic-private' })),
  redisStreams,
  threeRedisStreams,
];

class PostgresAdapter {
  constructor(version) { Object.assign(this, { name: `postgres ${version}`, job: 'postgres', version, pools: [], made: [] }); }

  async adapter(database) {
    const pool = database.pool();
    this.pools.push(pool);
    const make = postgres(this.version)(pool, { heartbeatInterval: 60_000 });
    const { made } = this;
    return function adapter(nsp) { return made[made.push(make(nsp)) - 1]; };
  }

  variables(database) { return { PG_URL: database.url }; }

  async listens(database, servers) {
    const listening = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %/streams"'`;
    await comesTrue(async () => (await database.run(listening))[0].n === servers, 'channels are listened to');
  }

  // An adapter says goodbye when it is closed, and by that sets its heart beating again, perhaps only later.
  async close() {
    for (const adapter of this.made.splice(0)) {
      adapter.scheduleHeartbeat = () => {};
      clearTimeout(adapter.heartbeatTimer);
    }
    await endAll(...this.pools.splice(0).map((pool) => () => within(pool.end(), 'a pool of connections ends')));
  }
}

export const postgresAdapters = ['0.3', '0.4', '0.5'].map((version) => new PostgresAdapter(version));
export { connected, clientOf };
