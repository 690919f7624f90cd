// Every operation of the document for everybody who might ask: allowed exactly where docs/access.md gives the role the
// operation's right, refused and written down everywhere else, and nothing of what was refused has happened.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Document } from './support/document.mjs';
import { draft, raise } from './support/stage.mjs';

leavesNothingOpen();

const { node, database } = await raise();
const document = await Document.of(node.root);
const asha = new Caller(node, document);
const job = 'nap', other = 'throne-*';
const operations = [...document.operations.values()].filter((one) => one['x-right']);

// The table of roles, as people read it.
function roles() {
  const rows = [...readFileSync(process.env.ACCESS_FILE, 'utf8').matchAll(/^\| `(\w+)` \|[^|]*\| (yes|no) \| (yes|no) \| (yes|no) \|$/gm)];
  const held = (column) => new Set(rows.filter((row) => row[column] === 'yes').map(([, right]) => right));
  return { viewer: held(2), operator: held(3), admin: held(4) };
}
const rights = roles();

// Everything that an operation may be about is there, so that a request which slipped through would do something.
async function props() {
  const slot = (await asha.gets(202, 'runJob', { job }, { reason, at: '2099-01-01T00:00:00Z' })).value;
  const festival = (await asha.gets(201, 'createFestival', { reason }, draft)).value;
  const plan = (await asha.gets(200, 'planBackfill', { job: 'trust-score' }, { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).value;
  const backfill = (await asha.gets(202, 'startBackfill', { job: 'trust-score' }, { plan_hash: plan.plan_hash, from: plan.from, to: plan.to, reason })).value;
  const ours = { from: '2024-01-01T00:00:00Z', to: '2024-12-31T00:00:00Z' };
  const { plan_hash } = (await asha.gets(200, 'planBackfill', { job }, ours)).value;
  const token = (await asha.gets(201, 'makeToken', {}, { name: 'prop', role: 'viewer', reason })).value;
  const approval = (await asha.gets(202, 'runJob', { job: 'og-daily-bonus' }, { reason })).value;
  await asha.gets(200, 'setPriority', { job }, { priority: 1, reason });
  return {
    values: { job, slot: slot.id, execution: slot.id, backfill: backfill.key, festival: festival.id, token: token.id, approval: approval.id, node: 'a' },
    bodies: {
      setSchedule: { schedule: '0 5 * * *', reason }, previewSchedule: { schedule: '0 5 * * *' }, setPriority: { priority: 9, reason },
      decideSlot: { decision: 'failed', reason }, planBackfill: ours, startBackfill: { ...ours, plan_hash, reason },
      createFestival: { ...draft, name: 'Another' }, validateFestival: draft, replaceFestival: { ...draft, name: 'Changed' }, editFestival: { name: 'Changed' },
      disconnectClients: { user: 'user:1', reason }, makeToken: { name: 'smuggled', role: 'admin', reason }, approve: { plan_hash: approval.plan_hash, reason },
      pauseJobs: { jobs: [job], reason }, resumeJobs: { jobs: [job], reason }, cancelSlots: { slots: [slot.id], reason }, retrySlots: { slots: [slot.id], reason },
    },
  };
}
const { values, bodies } = await props();

function good(operation) {
  const out = {};
  for (const { name, in: place, required } of operation.parameters ?? []) {
    if (place === 'path') out[name] = values[name];
    if (name === 'reason') out[name] = reason;
    if (name === 'If-Match' && required) out[name] = '*';
  }
  return [out, document.bodySchema(operation) ? bodies[operation.id] ?? { reason } : undefined];
}

// What there is, but for what time itself changes.
async function standing() {
  const look = async (id, of = {}, pick = (item) => item) => (await asha.gets(200, id, of)).value.items.map(pick);
  const slots = await look('listSlots', { limit: 500 }, ({ id, job: of, cancel_requested_by, requested_by, trigger }) => ({ id, of, cancel_requested_by, requested_by, trigger }));
  return {
    slots: slots.filter(({ trigger }) => !['schedule', 'early', 'catch_up'].includes(trigger)),
    jobs: await look('listJobs', {}, ({ job: name, paused }) => ({ name, paused })),
    changes: await look('listChanges', { job }),  // what they come to is in force a moment later
    festivals: await look('listFestivals'),
    tokens: await look('listTokens', {}, ({ id, name, role, revoked_at, expires_at }) => ({ id, name, role, revoked_at, expires_at })),
    approvals: await look('listApprovals', { open: false }, ({ id, state }) => ({ id, state })),
    nodes: await look('listNodes', {}, ({ id, draining }) => ({ id, draining })),
    kill: (await asha.gets(200, 'showKillSwitch')).value,
  };
}

const tokenOf = async (order) => (await asha.gets(201, 'makeToken', {}, { reason, ...order })).value;
const bearer = ({ secret }) => ({ Authorization: `Bearer ${secret}` });
let asked = 0;

// Asks for every operation; what each was answered, and under which id.
async function asksForAll(headers, which = () => true) {
  const before = await standing();
  const who = asha.as(headers);
  const answers = new Map();
  for (const operation of operations.filter(which)) {
    const request = `roles-${++asked}`;
    const [where, body] = good(operation);
    const { status, value } = await who.asks(operation.id, where, body, { 'X-Request-Id': request });
    answers.set(operation.id, { status, request, code: value?.code });
  }
  return { answers, unchanged: async () => assert.deepEqual(await standing(), before) };
}

async function refusedAreWrittenDown(answers, name) {
  const entries = new Map();
  for (let after = '0', lines; ; after = String(lines.at(-1).number)) {
    lines = (await asha.gets(200, 'exportAudit', { after })).value.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    if (lines.length === 0) break;
    for (const line of lines) entries.set(line.request, line);
  }
  for (const [id, { status, request }] of answers) {
    const entry = entries.get(request);
    if (status === 403) {
      assert.equal(entry?.outcome, 'refused', `${id} was refused, and the audit does not know`);
      assert.deepEqual([entry.who, entry.from], [name, '127.0.0.1'], id);
    } else if (status === 401) {
      assert.equal(entry, undefined, `${id}: nobody is known who could stand in the audit`);
    }
  }
}

test('the table of roles is read, and is what tokens are granted', async () => {
  assert.ok(rights.viewer.size > 0 && rights.operator.size > rights.viewer.size && rights.admin.size > rights.operator.size);
  for (const role of Object.keys(rights)) {
    const me = (await asha.as(bearer(await tokenOf({ name: `me-${role}`, role }))).gets(200, 'showMe')).value;
    assert.deepEqual(new Set(me.rights), rights[role], role);
  }
  for (const operation of operations) assert.ok(rights.admin.has(operation['x-right']), operation.id);
});

test('who shows no good token gets nothing and does nothing', async () => {
  const revoked = await tokenOf({ name: 'revoked', role: 'admin' });
  await asha.gets(204, 'revokeToken', { token: revoked.id, reason });
  const expired = await tokenOf({ name: 'expired', role: 'admin', lasts_ms: 60_000 });
  await database.run(`UPDATE tokens SET expires_at = created_at WHERE name = 'expired'`);
  const elsewhere = await tokenOf({ name: 'elsewhere', role: 'admin', networks: ['10.0.0.0/8'] });
  const [, first, second] = /^(hc_[^_]+)_(.+)$/.exec(node.token);
  const strangers = {
    nobody: {}, garbage: { Authorization: 'Bearer garbage' }, basic: { Authorization: `Basic ${Buffer.from(`admin:${node.token}`).toString('base64')}` },
    'another secret': { Authorization: `Bearer ${first}_${[...second].reverse().join('')}` }, 'a key id alone': { Authorization: `Bearer ${first}` },
    'in the wrong place': { 'X-CSRF-Token': node.token, Cookie: `hotclock=${node.token}` },
    revoked: bearer(revoked), expired: bearer(expired), elsewhere: bearer(elsewhere),
  };
  for (const [name, headers] of Object.entries(strangers)) {
    const { answers, unchanged } = await asksForAll(headers);
    for (const [id, { status, code }] of answers) assert.deepEqual([status, code], [401, 'unauthorized'], `${id} by ${name}`);
    await unchanged();
    await refusedAreWrittenDown(answers, name);
  }
});

test('who has a session changes nothing without its anti-forgery token, nor from a page of another site', async () => {
  const changes = ({ method }) => method !== 'GET';
  const name = 'surfer';
  const token = await tokenOf({ name, role: 'admin' });
  const opened = await asha.as(bearer(token)).gets(201, 'openSession');
  const cookie = opened.cookies.map((one) => one.split(';')[0]).join('; ');
  const csrf = { 'X-CSRF-Token': opened.value.csrf };
  const forged = [{}, { 'X-CSRF-Token': 'x' }, { ...csrf, Origin: 'https://evil.example' }, { ...csrf, Origin: 'null' },
    { ...csrf, 'Sec-Fetch-Site': 'cross-site' }, { ...csrf, 'Sec-Fetch-Site': 'same-site' }];
  for (const headers of forged) {
    const { answers, unchanged } = await asksForAll({ Cookie: cookie, ...headers }, changes);
    for (const [id, { status }] of answers) assert.equal(status, 403, `${id} with ${JSON.stringify(headers)}`);
    await unchanged();
    await refusedAreWrittenDown(answers, name);
  }
  const browser = asha.as({ Cookie: cookie, ...csrf, Origin: `http://127.0.0.1:${node.port}` });
  await browser.gets(200, 'pauseJob', { job }, { reason });
  await browser.gets(200, 'resumeJob', { job }, { reason });
  await asha.gets(204, 'revokeToken', { token: token.id, reason });
  const { answers, unchanged } = await asksForAll({ Cookie: cookie, ...csrf });
  for (const [id, { status }] of answers) assert.equal(status, 401, `${id} after its token`);
  await unchanged();
});

// These look at each job by itself: who is for others is told so of each, and nothing is done.
const ofMany = ({ id }) => ['pauseJobs', 'resumeJobs', 'cancelSlots', 'retrySlots'].includes(id);
// Those who may more come last, since what they may is done.
for (const [name, order, holds] of [
  ['nobody in particular', { role: 'admin', rights: ['look'], jobs: [other] }, ({ 'x-right': right }) => right === 'look'],
  ['viewer', { role: 'viewer' }, ({ 'x-right': right }) => rights.viewer.has(right)],
  ['operator of another job', { role: 'operator', jobs: [other] }, (one) => one['x-right'] === 'look' || ofMany(one)],
  ['admin of another job', { role: 'admin', jobs: [other] }, (one) => one['x-right'] === 'look' || ofMany(one)],
  ['an operator', { role: 'operator' }, ({ 'x-right': right }) => rights.operator.has(right)],
  ['an admin', { role: 'admin' }, ({ 'x-right': right }) => rights.admin.has(right)],
]) {
  test(`${name} may what the right is there for, and no more`, async () => {
    const token = await tokenOf({ name, ...order });
    const refused = await asksForAll(bearer(token), (one) => !holds(one));
    for (const [id, { status, code }] of refused.answers) assert.deepEqual([status, code], [403, 'forbidden'], id);
    await refused.unchanged();
    await refusedAreWrittenDown(refused.answers, name);
    const allowed = await asksForAll(bearer(token), holds);
    if (order.jobs) await allowed.unchanged();
    const denied = [...allowed.answers].filter(([, { status }]) => status === 401 || status === 403).map(([id]) => id);
    // Who asked for something may always withdraw it; what another asked for is refused with the right to approve.
    const withdrawing = [...allowed.answers.keys()].some((id) => id === 'approve') ? [] : ['refuseApproval'];
    assert.deepEqual(denied, withdrawing);
    await refusedAreWrittenDown(allowed.answers, name);
    assert.equal(refused.answers.size + allowed.answers.size, operations.length);
  });
}
