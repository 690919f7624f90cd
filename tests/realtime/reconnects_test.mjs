// One client that loses its connection to a node five hundred times while events go on: it hears each once, in
// order, and there is one session in the database at the end, and one connection.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Listener, secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { Writer } from './support/outbox.mjs';
import { curtain } from './support/stage.mjs';

const times = 500;

leavesNothingOpen();
describe('a client that loses its connection again and again', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const node = raise(await new Node(place, database.url,
    { realtime: { jwt_key: 'env:JWT_SECRET' }, environment: { JWT_SECRET: secret } }).start(), (it) => it.stop());
  const writer = raise(await Writer.on(database), (it) => it.end());
  const client = raise(await Listener.on(node.url, { user: 7, reconnectionDelay: 1 }), (it) => it.close());
  await client.joins('stream:3');
  const residentMiB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${node.process.pid}/status`, 'latin1'))[1]) / 1024;
  const sessions = () => database.run('SELECT identity, rooms, lost_at FROM hotclock.client_sessions');

  it(`hears every event once over ${times} of them, and leaves one session`, async () => {
    const ids = [];
    let before;
    for (let i = 0; i < times; ++i) {
      client.socket.io.engine.close();
      ids.push(...await writer.post([i % 2 ? 'user:7' : 'stream:3']));
      await comesTrue(() => client.recoveries.length === i + 2, 'it is back');
      if (i === times / 5) before = residentMiB();
    }
    await comesTrue(() => client.heard.length >= times, () => `all is heard: ${client.heard.length}`, 30_000);
    assert.deepEqual(client.heard, ids);
    assert.deepEqual(client.recoveries, [false, ...Array(times).fill(true)]);
    assert.equal(client.ids.size, 1, 'it has the id that it had');
    await comesTrue(async () => (await sessions()).every(({ lost_at: lost }) => lost === null), 'it is written down that it is there');
    assert.deepEqual(await sessions(), [{ identity: 'user:7', rooms: 'stream:3', lost_at: null }]);
    assert.match(hotclock(database.url, 'clients', '--user', '7'), /stream:3/);
    const grown = residentMiB() - before;
    assert.ok(grown < 16, `${grown} MiB more`);
  });

  it('leaves none when it leaves', async () => {
    client.close();
    await comesTrue(async () => (await sessions()).length === 0, 'its session is gone');
  });
});
