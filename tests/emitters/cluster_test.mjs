// A Redis Cluster of three masters: what goes to a room goes to the node that has its channel.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { deliversThrough } from './delivery.mjs';
import { clientOf, connected, redisClassic, redisSharded, threeRedisStreams } from './support/adapters.mjs';
import { EmitJobs } from './support/emit_jobs.mjs';
import { leavesNothingOpen } from './support/leftovers.mjs';
import { Cluster } from './support/redis.mjs';
import { comesTrue, within } from './support/waiting.mjs';

leavesNothingOpen();
let cluster;
before(async () => { cluster = await Cluster.start(); });
after(() => cluster?.stop());

for (const adapter of [redisClassic, redisSharded, threeRedisStreams]) deliversThrough(adapter, () => cluster);

it('follows a slot that was given to another node', async (t) => {
  const channel = 'socket.io#/moved#';
  const slot = Number(cluster.nodes[0].ask('CLUSTER', 'KEYSLOT', channel));
  const emitter = new EmitJobs({ REDIS_URL: cluster.url });
  t.after(() => emitter.stop());
  const job = { adapter: 'sharded', nsp: '/moved' };
  for (const place of [2, 0, 1]) {
    await cluster.move(slot, place);
    const listener = await connected(clientOf({ url: cluster.nodes[place].url }));
    t.after(() => listener.destroy());
    const heard = [];
    const subscribed = listener.sSubscribe(channel, (message) => heard.push(JSON.parse(message).data.packet.data));
    await within(subscribed, 'the new owner is listened to');
    for (let i = 0; i < 3; ++i) await emitter.publish({ ...job, args: ['seq', place, i] });
    await comesTrue(() => heard.length === 3, 'the new owner tells of it');
    assert.deepEqual(heard, [0, 1, 2].map((i) => ['seq', place, i]));
  }
});
