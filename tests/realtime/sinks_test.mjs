// Servers of the platform in Node hear every event by their adapter, over the death of Redis as well; and one that
// is away holds up neither jobs nor clients nor the others.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { redisClassic, redisStreams } from '../emitters/support/adapters.mjs';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { Redis, freePort } from '../emitters/support/redis.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Listener, secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { Writer } from './support/outbox.mjs';
import { platformServer } from './support/platform_server.mjs';
import { curtain } from './support/stage.mjs';

leavesNothingOpen();

// Repeats are what at-least-once allows: the order of the first times counts.
const firstTimes = (heard) => [...new Set(heard)];

describe('sinks', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'demo', '--users', '300', '--streams', '5', '--history-days', '0', '--seed', '1');
  const persistent = { settings: ['--appendonly', 'yes', '--appendfsync', 'always'] };
  const redis = raise(await Redis.start(persistent), (it) => it.stop());
  // Once both servers are down.
  for (const adapter of [redisStreams, redisClassic]) raise(adapter, (it) => it.close(redis));
  const rooms = ['user:7', 'stream:3'];
  const streamed = await platformServer(raise, redis, redisStreams, rooms);
  const classic = await platformServer(raise, redis, redisClassic, rooms);
  const options = (name) => ({
    name, realtime: { jwt_key: 'env:JWT_SECRET' }, environment: { JWT_SECRET: secret },
    sinks: {
      streamed: { kind: 'redis-streams', url: redis.url },
      classic: { kind: 'redis', url: redis.url },
      away: { kind: 'redis', url: deadUrl },
    },
  });
  const deadUrl = `redis://127.0.0.1:${await freePort()}`;
  const a = raise(await new Node(place, database.url, options('a')).start(), (it) => it.stop());
  const b = raise(await new Node(place, database.url, options('b')).start(), (it) => it.stop());
  const client = raise(await Listener.on(a.url, { user: 7 }), (it) => it.close());
  const writer = raise(await Writer.on(database), (it) => it.end());
  await redisStreams.listens(redis, 1);
  await redisClassic.listens(redis, 1);
  const positions = async () => Object.fromEntries((await database.run('SELECT name, position FROM hotclock.relay_sinks')).map(({ name, position }) => [name, Number(position)]));
  await comesTrue(async () => Object.keys(await positions()).length === 3, 'all sinks are known');

  const posted = [];
  const post = async (count) => { for (let i = 0; i < count; ++i) posted.push(...await writer.post([rooms[i % 2]])); };
  const mine = (heard) => heard.filter((id) => posted.includes(id));

  it('hear all events in their order', async () => {
    await post(50);
    await comesTrue(() => [streamed, classic].every(({ heard }) => mine(heard).length >= 50), 'all are heard');
    for (const { heard } of [streamed, classic]) assert.deepEqual(mine(heard), posted);
  });

  it('hear what happened while Redis was dead', async () => {
    await redis.kill();
    await post(30);
    // A node has met it.
    await comesTrue(async () => (await database.run(`SELECT 1 FROM hotclock.relay_sinks WHERE name = 'streamed' AND error <> ''`)).length > 0, 'the sink is in trouble');
    await comesTrue(() => mine(client.heard).length >= 40, 'who is at a node heard of it meanwhile');
    await redis.start();
    await post(20);
    await comesTrue(() => mine(streamed.heard).length >= 100, () => `all are heard: ${mine(streamed.heard).length}`, 30_000);
    assert.deepEqual(firstTimes(mine(streamed.heard)), posted);
    // What Redis has while nobody listens, its PUB/SUB does not keep; what is heard is in order.
    await comesTrue(async () => (await positions()).classic >= posted.at(-1), 'the classic one is served too', 30_000);
    await redisClassic.listens(redis, 1);
    await post(5);
    await comesTrue(() => classic.heard.includes(posted.at(-1)), 'the classic one is heard again');
    const heard = firstTimes(mine(classic.heard));
    assert.deepEqual(heard, [...heard].sort((x, y) => x - y));
  });

  it('are served by another node when theirs is killed', async () => {
    const [{ name: holder }] = await database.run(`SELECT n.name FROM hotclock.relay_sinks AS s JOIN hotclock.nodes AS n ON n.id = s.node_id WHERE s.name = 'streamed'`);
    const victim = holder === 'a' ? a : b;
    await post(10);
    await victim.kill();
    await post(10);
    await comesTrue(() => streamed.heard.includes(posted.at(-1)), 'the other one serves it', 30_000);
    assert.deepEqual(firstTimes(mine(streamed.heard)), posted);
    await victim.start();
  });

  it('one that is away holds up neither jobs nor clients, and keeps what it has not heard', async () => {
    const before = (await positions()).away;
    const job = spawn(process.env.HOTCLOCK, ['--database', database.url, '--log-level', 'error', 'run', 'og-daily-bonus'],
      { stdio: 'ignore', env: { ...process.env, HOTCLOCK_JOBS__OG_DAILY_BONUS__SECOND_PERSON: 'false' } });
    assert.equal((await once(job, 'exit'))[0], 0);
    await comesTrue(() => client.socket.connected, 'the client is in');
    await post(2);
    await comesTrue(() => client.heard.includes(posted.at(-2)), 'the client hears at once', 5000);
    assert.equal((await positions()).away, before);
    const [{ error }] = await database.run(`SELECT error FROM hotclock.relay_sinks WHERE name = 'away'`);
    assert.match(error, /127\.0\.0\.1/);
  });
});
