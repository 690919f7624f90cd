// Redis is killed while events are on their way: what publish() did not confirm is published again, and
// clients hear all of it in its order. What it did confirm Redis has: on the stream's disk, or on its way to the servers. Of
// the latter the one that was confirmed as Redis died may be lost with it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redisClassic, redisSharded, redisStreams } from './support/adapters.mjs';
import { EmitJobs } from './support/emit_jobs.mjs';
import { leavesNothingOpen } from './support/leftovers.mjs';
import { Redis } from './support/redis.mjs';
import { Stage } from './support/stage.mjs';
import { comesTrue, endAll } from './support/waiting.mjs';

leavesNothingOpen();

const events = 300;

// Publishes `seq` 0, 1, ... as a relay does: the next one once this one is confirmed. Which one was the first to be
// refused.
async function relay(emitter, job, { at, then, again }) {
  let refused;
  for (let i = 0; i < events;) {
    const confirmed = (await emitter.try({ adapter: job, rooms: i % 2 ? ['red'] : [], args: ['seq', i] })) === 'ok';
    if (i === at && confirmed) then();
    if (confirmed) ++i;
    else { refused ??= i; await again(); }
  }
  return refused;
}

for (const adapter of [redisClassic, redisSharded, redisStreams])
  describe(adapter.name, () => {
    it('loses nothing and keeps the order when Redis dies and comes back', async (t) => {
      const redis = await Redis.start({ settings: ['--appendonly', 'yes', '--appendfsync', 'always'] });
      const stage = await Stage.raise(await adapter.adapter(redis));
      await adapter.listens(redis, 1);
      const emitter = new EmitJobs(adapter.variables(redis));
      t.after(() => endAll(() => emitter.stop(), () => stage.strike(), () => adapter.close(redis), () => redis.stop()));

      let death, back;
      const refused = await relay(emitter, adapter.job, {
        at: 100,
        then: () => { death = redis.kill(); },
        again: () => { back ??= death.then(() => redis.start()).then(() => adapter.listens(redis, 1)); return back; },
      });

      const { anna } = stage.clients;
      await comesTrue(() => anna.heard.some(([, i]) => i === events - 1), 'the last one is heard');
      const once = anna.heard.map(([, i]) => i).filter((i, at, all) => i !== all[at - 1]);
      assert.ok(refused > 0, 'the kill was met');
      const lost = adapter === redisStreams || once.includes(refused - 1) ? [] : [refused - 1];
      assert.deepEqual(once, Array.from({ length: events }, (_, i) => i).filter((i) => !lost.includes(i)));
    });
  });
