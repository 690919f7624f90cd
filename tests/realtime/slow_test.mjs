// A client that reads too slowly is cut off, and has everything in the end all the same.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Balancer } from './support/balancer.mjs';
import { Listener, secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { Writer } from './support/outbox.mjs';
import { curtain } from './support/stage.mjs';

leavesNothingOpen();

const events = 200;
const large = { text: 'x'.repeat(100_000) };

describe('a slow reader', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const start = async (realtime) => raise(await new Node(place, database.url,
    { realtime: { jwt_key: 'env:JWT_SECRET', ...realtime }, environment: { JWT_SECRET: secret } }).start(), (it) => it.stop());

  it('is cut off, hurts nobody else, and recovers what it missed', async () => {
    const node = await start({ queue: '256 KiB' });
    const balancer = raise(await Balancer.before(node), (it) => it.close());
    const slow = raise(await Listener.on(balancer.url, { user: 7 }), (it) => it.close());
    const quick = raise(await Listener.on(node.url, { user: 7 }), (it) => it.close());
    const writer = raise(await Writer.on(database), (it) => it.end());
    balancer.jam();
    const ids = [];
    for (let i = 0; i < events; ++i) {
      await writer.begin();
      ids.push(await writer.append(['user:7'], large));
      await writer.commit();
      await writer.tell();
      await comesTrue(() => quick.heard.length === i + 1, () => `the other hears at once: ${quick.heard.length}`);
    }
    assert.deepEqual(quick.heard, ids);
    assert.deepEqual(quick.recoveries, [false]);
    balancer.flow();
    await comesTrue(() => slow.heard.length >= events, () => `it has all: ${slow.heard.length}`, 30_000);
    assert.deepEqual(slow.heard, ids);
    assert.ok(slow.recoveries.length > 1, 'it was cut off');
    assert.ok(slow.recoveries.slice(1).every(Boolean), 'and recovered');
  });
});
