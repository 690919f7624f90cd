// What a node tells Prometheus of its clients, read where Prometheus reads it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { freePort } from '../emitters/support/redis.mjs';
import { comesTrue, within } from '../emitters/support/waiting.mjs';
import { Listener, secret, token } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { curtain } from './support/stage.mjs';
import { everySecond, thronesFall } from './support/thrones.mjs';

const heard = 40, unheard = 25;

leavesNothingOpen();
describe('the numbers of a node', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const port = await freePort();
  const node = raise(await new Node(place, database.url, {
    realtime: { jwt_key: 'env:JWT_SECRET', connections_per_user: 2 },
    environment: { JWT_SECRET: secret, ...everySecond, HOTCLOCK_METRICS__ENABLED: 'true', HOTCLOCK_METRICS__PORT: String(port) },
  }).start(), (it) => it.stop());

  // By their names, those of a histogram's buckets with its bounds.
  async function numbers() {
    const page = await within(fetch(`http://127.0.0.1:${port}/metrics`), 'the page comes');
    assert.equal(page.status, 200);
    const lines = (await page.text()).split('\n').filter((line) => line && !line.startsWith('#'));
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]));
  }
  const guests = raise(await Promise.all([7, 7, 8].map(async (user) => (await Listener.on(node.url, { user })).joins('stream:3'))),
    (all) => all.forEach((guest) => guest.close()));

  it('count each event of a job that somebody here heard, and how late it was sent', async () => {
    const none = await numbers();
    assert.equal(none.hotclock_event_lateness_seconds_count, 0);
    assert.equal(none.hotclock_event_deliveries_total, 0);
    await thronesFall(database, 9, unheard);
    await thronesFall(database, 3, heard);
    await comesTrue(() => guests.every((guest) => guest.heard.length >= heard), 'all is heard');
    const written = await database.run(`SELECT rooms, count(*)::int AS n FROM hotclock.outbox WHERE event = 'throne:expired' GROUP BY rooms ORDER BY rooms`);
    assert.deepEqual(written, [{ rooms: 'stream:3 throne:3', n: heard }, { rooms: 'stream:9 throne:9', n: unheard }]);

    const now = await numbers();
    assert.equal(now.hotclock_event_lateness_seconds_count, heard);
    assert.equal(now['hotclock_event_lateness_seconds_bucket{le="+Inf"}'], heard);
    assert.equal(now.hotclock_event_deliveries_total, heard * guests.length);
    const mean = now.hotclock_event_lateness_seconds_sum / heard;
    assert.ok(mean >= 0 && mean < 0.1, `${mean} s from the beginning of the transaction until it was sent`);
  });

  it('tell of who is connected, and of what was refused', async () => {
    await comesTrue(async () => (await numbers()).hotclock_ws_connections === guests.length, 'all are counted');
    assert.equal((await numbers()).hotclock_client_violations_total, 0);
    const third = new Listener(node.url, { auth: { token: token(7) }, reconnection: false });
    try { await comesTrue(() => third.refusals.length > 0, 'a user has two at once'); } finally { third.close(); }
    await comesTrue(async () => (await numbers()).hotclock_client_violations_total === 1, 'the refusal is counted');
    guests.pop().close();
    await comesTrue(async () => (await numbers()).hotclock_ws_connections === guests.length, 'who left is no longer counted');
  });
});
