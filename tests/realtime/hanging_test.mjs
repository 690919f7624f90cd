// A node works its jobs while sinks of its own hang: one takes the connection and never answers, one refuses it.
// Neither the job's slots nor clients nor the sink that is well wait for them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { redisClassic } from '../emitters/support/adapters.mjs';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { Redis, freePort } from '../emitters/support/redis.mjs';
import { comesTrue, within } from '../emitters/support/waiting.mjs';
import { Listener, secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { platformServer } from './support/platform_server.mjs';
import { curtain } from './support/stage.mjs';
import { everySecond, thronesFall } from './support/thrones.mjs';

const rounds = 6, thrones = 20;
// A sink waits for an answer for ten seconds, and for a connection for five: who waited for one shows by that.
const atOnce = 2000;

// It takes connections and what is said on them, and says nothing.
class MuteServer {
  static async listen() {
    const mute = new MuteServer();
    mute.links = new Set();
    mute.heard = 0;
    mute.server = createServer((link) => {
      mute.links.add(link);
      link.on('error', () => {}).on('close', () => mute.links.delete(link)).on('data', (bytes) => { mute.heard += bytes.length; });
    });
    mute.server.listen(0, '127.0.0.1');
    await once(mute.server, 'listening');
    mute.where = `127.0.0.1:${mute.server.address().port}`;
    return mute;
  }
  get waited() { return this.heard > 0 && this.links.size > 0; }
  async close() {
    for (const link of this.links) link.destroy();
    this.server.close();
    await within(once(this.server, 'close'), 'the mute server closes');
  }
}

leavesNothingOpen();
describe('a node whose sinks hang', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const redis = raise(await Redis.start(), (it) => it.stop());
  raise(redisClassic, (it) => it.close(redis));
  const served = await platformServer(raise, redis, redisClassic, ['stream:3']);
  const muteRedis = raise(await MuteServer.listen(), (it) => it.close());
  const mutePostgres = raise(await MuteServer.listen(), (it) => it.close());
  const node = raise(await new Node(place, database.url, {
    realtime: { jwt_key: 'env:JWT_SECRET' },
    environment: { JWT_SECRET: secret, ...everySecond },
    sinks: {
      well: { kind: 'redis', url: redis.url },
      mute: { kind: 'redis-streams', url: `redis://${muteRedis.where}` },
      'mute-too': { kind: 'postgresql', url: `postgresql://postgres@${mutePostgres.where}/platform` },
      refused: { kind: 'redis-sharded', url: `redis://127.0.0.1:${await freePort()}` },
    },
  }).start(), (it) => it.stop());
  const client = raise(await Listener.on(node.url, { user: 7 }), (it) => it.close());
  await client.joins('stream:3');
  await redisClassic.listens(redis, 1);
  const positions = async () => Object.fromEntries((await database.run('SELECT name, position FROM hotclock.relay_sinks')).map(({ name, position }) => [name, Number(position)]));
  await comesTrue(async () => Object.keys(await positions()).length === 4, 'all sinks are known');
  const before = await positions();

  // What the job's slots of this node did since: how late each began, and how long it took, in milliseconds.
  const slots = () => database.run(`SELECT h.outcome, n.name AS node, (h.tally::json->>'thrones')::int AS thrones,
      1000 * extract(epoch FROM h.started_at - s.scheduled_for)::float AS late, 1000 * extract(epoch FROM h.ended_at - h.started_at)::float AS took
    FROM hotclock.history AS h JOIN hotclock.slots AS s ON s.id = h.slot_id JOIN hotclock.jobs AS j ON j.id = s.job_id
    JOIN hotclock.nodes AS n ON n.id = h.node_id WHERE j.name = 'throne-expiry' AND s.trigger = 'schedule' ORDER BY s.scheduled_for`);

  it('completes the slots of its job at once, and clients and the sink that is well hear each event', async () => {
    for (let round = 1; round <= rounds; ++round) {
      // From the first event on: it is given up now and then, and tried again.
      if (round > 1) await comesTrue(() => muteRedis.waited && mutePostgres.waited, 'both mute ones are waited for');
      await thronesFall(database, 3, thrones);
      await comesTrue(() => client.heard.length >= round * thrones, () => `the client hears: ${client.heard.length}`, atOnce + 1000);
      await comesTrue(() => served.heard.length >= round * thrones, () => `the server in Node hears: ${served.heard.length}`, atOnce + 1000);
    }
    const ids = (await database.run(`SELECT id FROM hotclock.outbox WHERE event = 'throne:expired' ORDER BY id`)).map(({ id }) => Number(id));
    assert.equal(ids.length, rounds * thrones);
    assert.deepEqual(client.heard, ids);
    assert.deepEqual(served.heard, ids);

    const done = await slots();
    assert.ok(done.length >= rounds, `${done.length} slots`);
    assert.equal(done.reduce((sum, slot) => sum + (slot.thrones ?? 0), 0), rounds * thrones);
    for (const { outcome, node: name, late, took } of done) {
      assert.deepEqual([outcome, name], ['completed', 'a']);
      assert.ok(late < atOnce && took < atOnce, `began ${late} ms late, took ${took} ms`);
    }
    const now = await positions();
    await comesTrue(async () => (await positions()).well === ids.at(-1), 'it is written down how far the one that is well is');
    for (const name of ['mute', 'mute-too', 'refused']) assert.equal(now[name], before[name], `${name} keeps what it has not heard`);
  });
});
