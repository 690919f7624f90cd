// Too much of everything: who asks too often is told when again, and slots are worked as if nobody asked.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Document } from './support/document.mjs';
import { raise } from './support/stage.mjs';

leavesNothingOpen();

const beat = 'kind = "command"\nschedule = "* * * * * *"\noverlap = "allow"\nmax_running = 4\n[settings]\nargv = ["/usr/bin/true"]\n';
const { node } = await raise({ jobs: { beat }, settings: { commands: { allow: ['/usr/bin/sleep', '/usr/bin/true'] } } });
const document = await Document.of(node.root);
const asha = new Caller(node, document);

// A node of its own that lets nobody ask so much.
async function strict(api) {
  const other = await raise({ settings: { api } });
  return new Caller(other.node, document);
}

async function untilRefused(asks, most = 200) {
  for (let i = 0; i < most; ++i) {
    const answer = await asks();
    if (answer.status === 429) return { answer, before: i };
  }
  return assert.fail('nobody said that it was too much');
}
const saysWhen = ({ headers, value }) => {
  assert.match(headers['retry-after'], /^[1-9]\d*$/);
  assert.equal(value.code, 'too_many_requests');
};

test('reads and changes have a limit each, and who waits as long as was said may ask again', async () => {
  const caller = await strict({ reads_a_minute: 30, changes_a_minute: 10 });
  const changes = await untilRefused(() => caller.asks('resumeJob', { job: 'nap' }, { reason }));
  saysWhen(changes.answer);
  assert.ok(changes.before >= 10 && changes.before < 30, `${changes.before} changes`);
  const reads = await untilRefused(() => caller.asks('showVersion'));
  saysWhen(reads.answer);
  assert.ok(reads.before >= 30 && reads.before < 60, `${reads.before} reads`);
  await comesTrue(async () => (await caller.asks('showVersion')).status === 200, 'it may read again', 20_000);
});

test('an address that guesses tokens is not listened to, whichever it shows then', async () => {
  const caller = await strict({ attempts_a_minute: 5 });
  const guesses = await untilRefused(() => caller.withToken(`hc_guess_${Math.random()}`).asks('showMe'));
  saysWhen(guesses.answer);
  assert.ok(guesses.before >= 5 && guesses.before <= 10, `${guesses.before} guesses`);
  saysWhen(await caller.gets(429, 'showMe'));
  await asha.gets(200, 'showMe');  // of another node, which counts for itself
});

test('behind a trusted proxy each address guesses for itself, and nobody makes up another', async () => {
  const caller = await strict({ attempts_a_minute: 5, trusted_proxies: ['127.0.0.1', '10.0.0.0/8'] });
  const from = (forwarded, bearer = caller.headers.Authorization) => caller.as({ Authorization: bearer, 'X-Forwarded-For': forwarded });
  let guess = 0;
  const guesses = await untilRefused(() => from(`203.0.113.${++guess}, 192.0.2.1, 10.0.0.7`, 'Bearer hc_guess_no').asks('showMe'));
  assert.ok(guesses.before >= 5 && guesses.before <= 10, `${guesses.before} guesses`);
  saysWhen(await from('192.0.2.1').gets(429, 'showMe'));
  await from('192.0.2.2').gets(200, 'showMe');
  await from('192.0.2.1, nobody').gets(200, 'showMe');  // who is the proxy itself

  const { value } = await from('192.0.2.2').gets(201, 'makeToken', {}, { name: 'ci', role: 'admin', networks: ['192.0.2.0/24'], reason });
  const bearer = `Bearer ${value.secret}`;
  await from('192.0.2.9', bearer).gets(200, 'showMe');
  for (const wrong of ['198.51.100.1', '192.0.2.9, 198.51.100.1', '', 'nobody']) await from(wrong, bearer).gets(401, 'showMe');
  const { items } = (await from('192.0.2.2').gets(200, 'listAudit', { what: 'token.make', limit: 1 })).value;
  assert.equal(items[0]?.from, '192.0.2.2');
});

test('so many streams and no more', async () => {
  const caller = await strict({ streams: 2 });
  const stop = new AbortController();
  const listen = () => fetch(`${caller.node.root}/events?topics=nodes`, { headers: caller.headers, signal: stop.signal });
  assert.deepEqual([(await listen()).status, (await listen()).status], [200, 200]);
  saysWhen(await caller.gets(429, 'listen', { topics: 'nodes' }));
  stop.abort();
});

test('while the API is flooded every slot is worked', async () => {
  const items = async () => (await asha.gets(200, 'listSlots', { job: 'beat', limit: 500 })).value.items.filter(({ trigger }) => trigger === 'schedule');
  let flooding = true, asked = 0;
  const headers = [asha.headers, {}, { Authorization: 'Bearer hc_no_body' }];
  const flood = Array.from({ length: 48 }, async (_, i) => {
    while (flooding) {
      const got = await fetch(`${node.root}${['/jobs', '/slots?limit=500', '/audit', '/config', '/gossip'][i % 5]}`, { headers: headers[i % 3] });
      await got.arrayBuffer();
      ++asked;
    }
  });
  const begun = Date.now();
  const since = (all) => all.filter(({ scheduled_for }) => Date.parse(scheduled_for) > begun);
  try {
    await comesTrue(async () => since(await items()).filter(({ ended }) => ended === 'completed').length >= 6, 'six slots of the flood are worked', 30_000);
  } finally {
    flooding = false;
    await Promise.all(flood);
  }
  assert.ok(asked > 200, `${asked} requests`);
  await comesTrue(async () => since(await items()).every(({ state }) => state === 'ended'), 'all slots have ended');
  const worked = since(await items());
  assert.deepEqual(worked.filter(({ ended }) => ended !== 'completed'), []);
  const instants = worked.map(({ scheduled_for }) => Date.parse(scheduled_for)).sort((a, b) => a - b);
  instants.forEach((at, i) => assert.ok(i === 0 || at - instants[i - 1] === 1000, `a slot is missing before ${new Date(at).toISOString()}`));
});
