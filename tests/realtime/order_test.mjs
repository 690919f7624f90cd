// Transactions that write at once commit in any order: clients hear all they wrote, by the order of the ids.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Listener, secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { Writer } from './support/outbox.mjs';
import { curtain } from './support/stage.mjs';

leavesNothingOpen();

describe('events of transactions that overlap', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const node = raise(await new Node(place, database.url,
    { realtime: { jwt_key: 'env:JWT_SECRET' }, environment: { JWT_SECRET: secret } }).start(), (it) => it.stop());
  const client = raise(await Listener.on(node.url, { user: 7 }), (it) => it.close());
  const [early, late] = raise([await Writer.on(database), await Writer.on(database)], (all) => Promise.all(all.map((it) => it.end())));

  // Since now the node has asked who still writes: it has seen what lies behind a gap.
  const hasSeenTheGap = async () => {
    const [{ now }] = await database.run('SELECT now()');
    const asked = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                      AND query LIKE '%virtualtransaction FROM pg_locks%' AND query_start > '${now.toISOString()}'`;
    await comesTrue(async () => (await database.run(asked)).length > 0, 'the node waits for who has a lower id');
  };

  it('are heard in the order of their ids when the earlier one commits last', async () => {
    await early.begin();
    const first = await early.append(['user:7']);
    const [second] = await late.post(['user:7']);
    assert.ok(first < second);
    await hasSeenTheGap();
    assert.deepEqual(client.heard, []);
    await early.commit();
    await comesTrue(() => client.heard.length === 2, 'both are heard');
    assert.deepEqual(client.heard, [first, second]);
  });

  it('are heard when the earlier one never commits', async () => {
    client.heard.length = 0;
    await early.begin();
    await early.append(['user:7']);
    const [second] = await late.post(['user:7']);
    await hasSeenTheGap();
    await early.rollBack();
    await comesTrue(() => client.heard.length === 1, 'the later one is heard');
    assert.deepEqual(client.heard, [second]);
  });

  it('are heard also by a node that starts while one is still open', async () => {
    client.heard.length = 0;
    await early.begin();
    const first = await early.append(['user:8']);
    const [second] = await late.post(['user:8']);
    const other = await new Node(place, database.url,
      { name: 'b', realtime: { jwt_key: 'env:JWT_SECRET' }, environment: { JWT_SECRET: secret } }).start();
    try {
      const guest = await Listener.on(other.url, { user: 8 });
      try {
        await early.commit();
        await comesTrue(() => guest.heard.length === 2, 'both are heard');
        assert.deepEqual(guest.heard, [first, second]);
      } finally { guest.close(); }
    } finally { await other.stop(); }
  });
});
