// Ten thousand slots at once: cancelled, worked anew, each once, by whoever may.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Document } from './support/document.mjs';
import { raise } from './support/stage.mjs';

leavesNothingOpen();

const often = 'kind = "command"\nschedule = "* * * * *"\nenabled = false\n[settings]\nargv = ["/usr/bin/true"]\n';
const { node } = await raise({ settings: { commands: { allow: ['/usr/bin/sleep', '/usr/bin/true'] } }, jobs: { often } });
const asha = new Caller(node, await Document.of(node.root));
const from = '2026-01-01T00:00:00.000Z', count = 10_000, to = new Date(Date.parse(from) + (count - 1) * 60_000).toISOString();
const late = { job: 'often', until: '2026-02-01T00:00:00Z' };

test('ten thousand are cancelled and worked anew, and nothing is done twice', async () => {
  const plan = (await asha.gets(200, 'planBackfill', { job: 'often' }, { from, to })).value;
  await asha.gets(202, 'startBackfill', { job: 'often' }, { plan_hash: plan.plan_hash, from, to, spacing_ms: 86_400_000, reason });
  await asha.gets(412, 'cancelSlots', {}, { ...late, matching: 9_000, reason });
  const began = Date.now();
  const asked = asha.gets(200, 'cancelSlots', { 'Idempotency-Key': 'away' }, { ...late, matching: count, reason });
  const stood = [];
  for (let over = false; !over;) {
    stood.push((await asha.gets(200, 'showUnderway', { act: 'away' })).value);
    over = await Promise.race([asked.then(() => true), new Promise((done) => { setTimeout(done, 10, false); })]);
  }
  const cancelled = (await asked).value;
  assert.ok(stood.some((one) => one.of === count && one.done < count && !one.over), JSON.stringify(stood.slice(0, 5)));
  const { done, refused } = cancelled;
  assert.deepEqual((await asha.gets(200, 'showUnderway', { act: 'away' })).value, { done, refused, of: count, over: true });
  console.log(`# ${count} cancelled in ${Date.now() - began} ms`);
  assert.ok(cancelled.done >= count - 1 && cancelled.items.length === count && cancelled.stopped === '', JSON.stringify(cancelled).slice(0, 500));

  const order = { ...late, end: 'cancelled', matching: count, reason };
  const first = (await asha.gets(200, 'retrySlots', { 'Idempotency-Key': 'anew' }, order)).value;
  assert.equal(first.done, cancelled.done);
  assert.deepEqual((await asha.gets(200, 'retrySlots', { 'Idempotency-Key': 'anew' }, order)).value, first);
  const again = (await asha.gets(400, 'retrySlots', {}, { ...late, matching: count, reason })).value;
  assert.match(again.detail, /more than 10000 slots/);
  const some = first.items.slice(0, 300).map(({ slot }) => slot);
  const twice = (await asha.gets(200, 'retrySlots', {}, { slots: some, reason })).value;
  assert.deepEqual([twice.done, twice.refused], [0, 300]);

  const lines = (await asha.gets(200, 'listAudit', { what: 'slots.cancel', limit: 100 })).value.items;
  assert.equal(lines.length, 50);
  assert.equal(new Set(lines.map(({ request }) => request)).size, 1, 'one act');
  assert.match(lines[0].detail, /^9801 to 10000 of 10000 \(all job="often" until=/);
  assert.equal(lines.flatMap(({ became }) => JSON.parse(became).cancelled ?? []).length, cancelled.items.filter(({ outcome }) => outcome === 'cancelled').length);
});

test('who may for some jobs alone is told so at each slot', async () => {
  const { secret } = (await asha.gets(201, 'makeToken', {}, { name: 'omar', role: 'operator', jobs: ['nap'], reason })).value;
  const omar = asha.withToken(secret);
  const mine = (await asha.gets(202, 'runJob', { job: 'nap' }, { reason })).value.id, other = (await asha.gets(200, 'listSlots', { job: 'often', limit: 1 })).value.items[0].id;
  const { items } = (await omar.gets(200, 'cancelSlots', {}, { slots: [mine, other], reason })).value;
  assert.deepEqual(items.map(({ job, outcome }) => [job, outcome === 'refused']), [['often', true], ['nap', false]]);
  assert.match(items[0].why, /omar/);
  const paused = (await omar.gets(200, 'pauseJobs', {}, { all: true, reason })).value;
  assert.equal(paused.done, 1);
  assert.equal((await omar.gets(200, 'resumeJobs', {}, { jobs: ['nap'], reason })).value.done, 1);
});
