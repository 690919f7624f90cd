// A node is killed in the middle of telling: clients come back to another one, or to the one that was started
// again, and have every event once and in its order.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Balancer } from './support/balancer.mjs';
import { Listener, listeners, secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { Writer, heardBy, parted } from './support/outbox.mjs';
import { curtain } from './support/stage.mjs';

leavesNothingOpen();

const environment = { JWT_SECRET: secret };
const realtime = { jwt_key: 'env:JWT_SECRET' };
const crowd = 120;

// Each of them everything that its rooms were told behind `after`, once, in order.
async function assertHearAll(clients, events, after) {
  const due = clients.map(({ rooms }) => heardBy(events, rooms, after));
  const all = due.reduce((sum, ids) => sum + ids.length, 0);
  await comesTrue(() => heardSoFar(clients) >= all, () => `all is heard: ${heardSoFar(clients)} of ${all}`, 40_000);
  clients.forEach((client, i) => {
    assert.ok(due[i].length > 0);
    assert.deepEqual(client.heard, due[i], `user ${client.user} heard each once, in order`);
  });
}
async function assertCameBack(clients, times) {
  const late = () => clients.filter(({ recoveries, socket }) => !socket.connected || recoveries.length <= times);
  await comesTrue(() => late().length === 0, () => `all are back; ${late().length} are not`, 20_000);
  for (const { recoveries, ids } of clients) {
    assert.deepEqual(recoveries, [false, ...Array(times).fill(true)]);
    assert.equal(ids.size, 1, 'it has the id that it had');
  }
}
const heardSoFar = (clients) => clients.reduce((sum, { heard }) => sum + heard.length, 0);

describe('two nodes on PostgreSQL', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const node = async (name) => raise(await new Node(place, database.url, { name, realtime, environment }).start(), (it) => it.stop());
  const [a, b] = [await node('a'), await node('b')];
  const balancer = raise(await Balancer.before(a), (it) => it.close());
  const writers = raise(await Promise.all([1, 2, 3, 4].map(() => Writer.on(database))), (all) => Promise.all(all.map((it) => it.end())));
  const events = async () => parted(await database.run('SELECT id, rooms FROM hotclock.outbox ORDER BY id'));
  const clients = raise(
    await listeners(crowd, async (i) => (await Listener.on(balancer.url, { user: i + 1 })).joins(`stream:${i % 20 + 1}`)),
    (all) => all.forEach((client) => client.close()));

  // Four write at once, of whom some give up, to users who are there and such as are not, streams and everybody.
  const roomsOf = (i) => {
    if (i % 50 === 1) return [];
    return i % 3 === 0 ? [`stream:${i % 20 + 1}`] : [`user:${i % 300 + 1}`, `stream:${i % 7 + 1}`];
  };
  const writeMany = (transactions, meanwhile) => Promise.all(writers.map(async (writer, w) => {
    for (let i = 0; i < transactions; ++i) {
      await writer.begin();
      for (let n = 0; n < 3; ++n) await writer.append(roomsOf((w * transactions + i) * 3 + n));
      await (i % 11 === 5 ? writer.rollBack() : writer.commit());
      if (w === 0) meanwhile(i);
    }
  }));

  it('miss nothing when one is killed in the middle of many events', async () => {
    let killed;
    await writeMany(250, (i) => { if (i === 100) { balancer.to(b); killed = a.kill(); } });
    await killed;
    await assertHearAll(clients, await events(), 0);
    await assertCameBack(clients, 1);
  });

  it('miss nothing while all nodes are restarted one after the other', async () => {
    await a.start();
    const [{ max }] = await database.run('SELECT max(id) FROM hotclock.outbox');
    for (const client of clients) client.heard.length = 0;
    let rolled;
    await writeMany(250, (i) => {
      if (i === 50) rolled = (async () => {
        balancer.to(a);
        await b.restart();
        await assertCameBack(clients, 2);
        balancer.to(b);
        await a.restart();
      })();
    });
    await rolled;
    await assertHearAll(clients, await events(), Number(max));
    await assertCameBack(clients, 3);
  });

  it('know a client that lost its connection unseen once', async () => {
    const [client] = clients;
    const held = balancer.to(a).cutClientsOnly();
    await assertCameBack(clients, 4);
    await comesTrue(() => held.open() === 0, () => `the other node ended its connections: ${held.open()} are left`, 20_000);
    const sessions = await database.run('SELECT count(*)::int AS n, count(DISTINCT node_id)::int AS nodes, count(taken_from)::int AS taken, count(lost_at)::int AS lost FROM hotclock.client_sessions');
    assert.deepEqual(sessions, [{ n: crowd, nodes: 1, taken: 0, lost: 0 }]);
    for (const one of clients) one.heard.length = 0;
    const ids = await writers[0].post([], ['user:1']);
    await comesTrue(() => client.heard.length === 2 && clients.every(({ heard }) => heard.length > 0), 'they hear');
    assert.deepEqual(client.heard, ids);
  });

  it('miss nothing when the node that they come back to is killed as well', async () => {
    const [{ max }] = await database.run('SELECT max(id) FROM hotclock.outbox');
    const before = clients.map(({ recoveries }) => recoveries.length);
    for (const client of clients) client.heard.length = 0;
    let both;
    await writeMany(200, (i) => {
      if (i === 50) both = (async () => {
        balancer.to(b);
        await a.kill();
        await comesTrue(() => clients.some(({ recoveries }, k) => recoveries.length > before[k]), 'the first are back');
        const killed = b.kill();
        await a.start();
        balancer.to(a);
        await killed;
      })();
    });
    await both;
    await assertHearAll(clients, await events(), Number(max));
    for (const { recoveries } of clients) assert.ok(recoveries.slice(1).every(Boolean), `${recoveries}`);
    await b.start();
  });
});

describe('the node on SQLite', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const users = 200, days = 12;
  hotclock(place.sqlite, 'demo', '--users', String(users), '--streams', '5', '--history-days', '0', '--seed', '1');
  const node = raise(await new Node(place, place.sqlite, { realtime, environment }).start(), (it) => it.stop());
  const clients = raise(await listeners(users, (i) => Listener.on(node.url, { user: i + 1 })), (all) => all.forEach((client) => client.close()));

  // What a job writes, in a process of its own.
  const bonuses = () => {
    const day = (ago) => `${new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
    return spawn(process.env.HOTCLOCK, ['--database', place.sqlite, 'backfill', 'og-daily-bonus', '--from', day(days), '--to', day(0), '--yes'],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, HOTCLOCK_JOBS__OG_DAILY_BONUS__SECOND_PERSON: 'false' } });
  };
  const events = () => parted(JSON.parse(execFileSync('sqlite3',
    ['-json', place.file('hotclock.db'), 'SELECT id, rooms FROM outbox ORDER BY id'], { encoding: 'utf8' })));

  it('misses nothing when it is killed and started again', async () => {
    const before = events().at(-1).id;
    for (const client of clients) client.heard.length = 0;
    const job = bonuses();
    const done = once(job, 'exit');
    await comesTrue(() => heardSoFar(clients) > users, 'bonuses are heard');
    await node.kill();
    assert.equal((await done)[0], 0);
    await node.start();
    const receivers = clients.filter(({ heard }) => heard.length > 0);
    assert.ok(receivers.length > 10);
    await assertHearAll(receivers, events(), before);
    await assertCameBack(clients, 1);
  });
});
