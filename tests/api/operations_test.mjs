// Every operation of the document, asked for as it says, and every answer held against what it allows.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Document } from './support/document.mjs';
import { draft, raise } from './support/stage.mjs';

leavesNothingOpen();

const said = join(mkdtempSync(join(tmpdir(), 'hotclock-said-')), 'said');
after(() => rmSync(join(said, '..'), { recursive: true }));
appendFileSync(said, 'one\n');
const { node } = await raise({
  settings: {
    realtime: { anonymous: true },
    commands: { allow: ['/usr/bin/sleep', '/usr/bin/tail', '/usr/bin/true', '/usr/bin/false'] },
    alerts: { every: '1 s' },
    'notifiers.deaf': { kind: 'command', argv: ['/usr/bin/true'] },
    'notifiers.broken': { kind: 'command', argv: ['/usr/bin/false'] },
  },
  jobs: {
    fails: 'kind = "command"\nschedule = "0 0 29 2 *"\n[retries]\ncount = 0\n[settings]\nargv = ["/usr/bin/false"]\n',
    speaks: `kind = "command"\nschedule = "0 0 29 2 *"\n[settings]\nargv = ["/usr/bin/tail", "-n", "+1", "-f", "${said}"]\ngrace = "0 s"\n`,
  },
});
const document = await Document.of(node.root);
const asha = new Caller(node, document);
const bela = asha.withToken((await asha.gets(201, 'makeToken', {}, { name: 'bela', role: 'operator', reason })).value.secret);
const job = 'throne-expiry', money = 'og-daily-bonus';
const match = { 'If-Match': '*' };

test('jobs: shown, run, paused and resumed', async () => {
  const { items } = (await asha.gets(200, 'listJobs')).value;
  assert.ok(items.some((one) => one.job === job));
  const shown = await asha.gets(200, 'showJob', { job });
  assert.equal(shown.headers.etag, `"${shown.value.version}"`);
  const { runs } = (await asha.gets(200, 'showNextRuns', { job, n: 7, from: '2027-01-01T00:00:00Z' })).value;
  assert.equal(runs.length, 7);
  const { value } = await asha.gets(202, 'runJob', { job, 'Idempotency-Key': 'one' }, { reason });
  assert.equal(value.job, job);
  const pause = (await asha.gets(200, 'pauseJob', { job }, { reason, until: '2099-01-01T00:00:00Z' })).value.paused;
  assert.ok(Math.abs(Date.parse(pause.since) - Date.now()) < 60_000);
  assert.deepEqual(pause, { by: pause.by, reason, since: pause.since, until: '2099-01-01T00:00:00.000Z' });
  assert.equal((await asha.gets(200, 'resumeJob', { job }, { reason })).value.paused, null);
});

test('many jobs are paused and resumed, and many slots cancelled and worked anew', async () => {
  const paused = (await asha.gets(200, 'pauseJobs', {}, { jobs: [job, 'no-such-job'], reason })).value;
  assert.deepEqual(paused.items.map((one) => [one.job, one.outcome]), [['no-such-job', 'refused'], [job, 'paused']]);
  assert.equal((await asha.gets(200, 'resumeJobs', {}, { jobs: [job], reason })).value.done, 1);
  const { id } = (await asha.gets(202, 'runJob', { job: 'nap' }, { reason })).value;
  assert.equal((await asha.gets(200, 'cancelSlots', { 'Idempotency-Key': 'cancel-one' }, { slots: [id], reason })).value.done, 1);
  assert.deepEqual((await asha.gets(200, 'showUnderway', { act: 'cancel-one' })).value, { done: 1, refused: 0, of: 1, over: true });
  const ended = async () => (await asha.gets(200, 'showSlot', { slot: id })).value.slot.ended;
  await comesTrue(async () => await ended() === 'cancelled', 'the slot has ended');
  const again = (await asha.gets(200, 'retrySlots', {}, { slots: [id], reason })).value.items[0];
  assert.equal((await asha.gets(200, 'showSlot', { slot: again.new_slot })).value.slot.job, 'nap');
  assert.equal((await asha.gets(200, 'cancelSlots', {}, { matching: 1, job: 'nap', trigger: 'backfill', reason })).value.done, 1);
});

test('live changes: each is made, listed and taken back', async () => {
  const { etag } = (await asha.gets(200, 'showJob', { job })).headers;
  await asha.gets(200, 'previewSchedule', { job }, { schedule: '0 4 * * *', zone: 'Australia/Sydney', from: '2027-01-01T00:00:00Z' });
  await asha.gets(200, 'setSchedule', { job, 'If-Match': etag }, { schedule: '0 4 * * *', zone: 'Australia/Sydney', reason });
  await asha.gets(412, 'setSchedule', { job, 'If-Match': etag }, { schedule: '0 5 * * *', reason });
  await asha.gets(428, 'setSchedule', { job }, { schedule: '0 5 * * *', reason });
  assert.ok((await asha.gets(200, 'showDrift')).value.items.some((one) => one.job === job));
  await asha.gets(200, 'resetSchedule', { job, reason, ...match });
  await asha.gets(200, 'setPriority', { job }, { priority: 7, reason });
  await asha.gets(200, 'undoChange', { job }, { reason });
  await asha.gets(200, 'disableJob', { job }, { reason });
  await asha.gets(200, 'enableJob', { job }, { reason });
  const first = (await asha.gets(200, 'listChanges', { job, limit: 2 })).value;
  const rest = (await asha.gets(200, 'listChanges', { job, cursor: first.next, limit: 100 })).value;
  assert.equal(first.items.length + rest.items.length, 6);
  assert.equal(rest.next, null);
});

test('the kill switch is turned on and off', async () => {
  assert.equal((await asha.gets(200, 'showKillSwitch')).value.on, false);
  assert.equal((await asha.gets(200, 'turnKillSwitchOn', {}, { stop_running: false, reason })).value.on, true);
  assert.equal((await asha.gets(200, 'turnKillSwitchOff', { reason })).value.on, false);
});

test('slots: asked for, shown, cancelled while they run and decided when their node vanished', async () => {
  const runs = async () => {
    const { id } = (await asha.gets(202, 'runJob', { job: 'nap' }, { reason })).value;
    return comesTrue(async () => {
      const { slot } = (await asha.gets(200, 'showSlot', { slot: id })).value;
      return slot.state === 'running' && slot;
    }, 'the slot runs');
  };
  const ended = (slot) => comesTrue(async () => (await asha.gets(200, 'showExecution', { execution: slot.execution })).value.slot.ended, 'the slot ends');
  const one = await runs();
  assert.ok((await asha.gets(200, 'listSlots', { state: 'running', job: 'nap', trigger: 'manual', since: '2020-01-01T00:00:00Z' })).value.items.length > 0);
  await asha.gets(202, 'cancelExecution', { execution: one.execution }, { reason });
  assert.equal(await ended(one), 'cancelled');
  const two = await runs();
  await asha.gets(202, 'cancelSlot', { slot: two.id }, { reason });
  assert.equal(await ended(two), 'cancelled');
  const lost = await runs();
  await node.kill();
  await node.start();
  await comesTrue(async () => (await asha.gets(200, 'showSlot', { slot: lost.id })).value.slot.state === 'unknown', 'the slot is unknown', 30_000);
  await asha.gets(200, 'decideSlot', { slot: lost.id }, { decision: 'failed', reason });
  await asha.gets(409, 'decideSlot', { slot: lost.id }, { decision: 'failed', reason });
});

test('a page of slots goes on where the page before ended', async () => {
  const seen = [];
  for (let next = undefined; next !== null;) {
    const page = (await asha.gets(200, 'listSlots', { limit: 1, ...(next && { cursor: next }) })).value;
    seen.push(...page.items.map(({ id }) => id));
    ({ next } = page);
  }
  assert.deepEqual(seen, (await asha.gets(200, 'listSlots', { limit: 500 })).value.items.map(({ id }) => id));
});

test('what failed alerts, is silenced, and is found in the history', async () => {
  const { id } = (await asha.gets(202, 'runJob', { job: 'fails' }, { reason })).value;
  const alert = await comesTrue(async () => (await asha.gets(200, 'listAlerts', { job: 'fails', rule: 'failed' })).value.items[0], 'an alert of the failure', 30_000);
  assert.deepEqual([alert.labels, alert.severity], [{ job: 'fails' }, 'warning']);
  assert.equal((await asha.gets(200, 'showAlert', { alert: alert.id })).value.rule, 'failed');
  const rules = (await asha.gets(200, 'listAlertRules')).value.items;
  assert.deepEqual(rules.find(({ rule, job }) => rule === 'failed' && job === '').thresholds, { within: '15 min' });
  const { last } = rules.find(({ rule, job }) => rule === 'failed' && job === '');
  assert.equal(last.about, 'fails');
  assert.match(last.value, /^the last failure was that of /);

  await asha.gets(400, 'makeSilence', {}, { matchers: ['job=fails'], reason });
  const silence = (await asha.gets(201, 'makeSilence', {}, { matchers: ['job=fails'], lasts_ms: 600_000, reason })).value;
  assert.deepEqual([silence.matchers, silence.state], [{ job: 'fails' }, 'in_force']);
  await comesTrue(async () => (await asha.gets(200, 'showAlert', { alert: alert.id })).value.held_back, 'nobody is told', 30_000);
  assert.equal((await asha.gets(200, 'listSilences', { limit: 5 })).value.items[0].id, silence.id);
  await asha.gets(204, 'liftSilence', { silence: silence.id, reason });
  await asha.gets(404, 'liftSilence', { silence: '424242', reason });
  assert.deepEqual((await asha.gets(200, 'listSilences')).value.items, []);

  const told = (await asha.gets(200, 'testAlerts', {}, { reason })).value.items;
  assert.deepEqual(told.map(({ notifier, outcome }) => [notifier, outcome]).sort(), [['broken', 'away'], ['deaf', 'sent']]);
  assert.equal((await asha.gets(200, 'testAlerts', {}, { notifier: 'deaf', reason })).value.items.length, 1);

  const hits = (await asha.gets(200, 'searchHistory', { words: 'exit', in: 'reasons', limit: 3 })).value.items;
  assert.ok(hits.some(({ slot, job: whose }) => slot === id && whose === 'fails'), JSON.stringify(hits));
  assert.deepEqual((await asha.gets(200, 'countHistory', { job: 'fails' })).value, { count: 1, more: false });
  const lane = (await asha.gets(200, 'showTimeline', {})).value.items.find((one) => one.job === 'fails');
  assert.deepEqual(lane.bars.map(({ standing }) => standing), ['failed']);
  const lines = (await asha.gets(200, 'exportHistory', { job: 'fails', lines: 10 })).value.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ job: whose }) => whose), ['fails']);
  const page = await asha.gets(200, 'exportHistory', { job: 'nap', format: 'csv', lines: 1 });
  assert.match(page.headers.link, /^<\/api\/v1\/history\/export\?job=nap&format=csv&lines=1&cursor=[^>]+>; rel="next"$/);
  const { ends, slots } = (await asha.gets(200, 'showStatistics', { job: 'fails', by: 'week' })).value;
  assert.deepEqual([slots, ends.failed], [1, 1]);
});

test('what an execution says is followed while it runs, and is the same at the end', async () => {
  const { id } = (await asha.gets(202, 'runJob', { job: 'speaks' }, { reason })).value;
  const told = (from = 0) => asha.gets(200, 'showSlot', { slot: id, log_from: from }).then(({ value }) => value);
  const first = await comesTrue(async () => { const { log } = await told(); return log?.text === 'one\n' && log; }, 'its first line is told');
  assert.deepEqual([first.from, first.length, first.dropped_bytes], [0, 4, 0]);
  assert.ok(first.written_at);
  appendFileSync(said, 'two\n');
  const { log, slot } = await comesTrue(async () => { const more = await told(first.length); return more.log.text && more; }, 'the next is told');
  assert.deepEqual([log.text, log.from, log.length, slot.state], ['two\n', 4, 8, 'running']);
  await asha.gets(202, 'cancelSlot', { slot: id }, { reason });
  const whole = await comesTrue(async () => { const more = (await asha.gets(200, 'showExecution', { execution: slot.execution })).value; return more.slot.ended && more; }, 'it ends');
  assert.match(whole.log.text, /^one\ntwo\n\[killed by SIG/);
  assert.deepEqual(whole.log, { text: whole.log.text, from: 0, length: whole.log.text.length, dropped_bytes: 0, written_at: null });
});

test('an execution is profiled where somebody asks for it', async () => {
  const { id } = (await asha.gets(202, 'runJob', { job }, { profile: true, reason })).value;
  const { execution } = await comesTrue(async () => {
    const { slot, profiled } = (await asha.gets(200, 'showSlot', { slot: id })).value;
    return slot.ended && profiled && slot;
  }, 'the slot ends, and its profile is kept');
  const profile = await comesTrue(async () => (await asha.asks('showProfile', { execution })).status === 200 && (await asha.gets(200, 'showProfile', { execution })).value, 'its profile is kept');
  assert.ok(JSON.stringify(profile).includes('statement'), JSON.stringify(profile));
  await asha.gets(200, 'showJobProfile', { job });
});

test('the overview shows what there is, and the last day', async () => {
  assert.ok((await asha.gets(200, 'showOverview')).value);
  assert.ok((await asha.gets(200, 'showLastDay')).value.items.some((one) => one.job === job));
  const recent = (await asha.gets(200, 'listRecent', { each: 3 })).value.items.find((one) => one.job === job);
  assert.ok(recent.slots.length > 0 && recent.slots.length <= 3);
  assert.equal(recent.slots[0].ended, 'completed');
  const agenda = (await asha.gets(200, 'showAgenda', {})).value;
  assert.ok(agenda.items.some((one) => one.job === 'og-daily-bonus'));
  assert.ok(agenda.cells.every((one) => one.due >= one.together && one.together >= 1));
});

test('the auditor compares, and signs a day', async () => {
  const compared = (await asha.gets(200, 'compareSlots', { job: 'nap' })).value;
  assert.equal(compared.left_off, 0);
  await asha.gets(200, 'listDifferences', { limit: 10 });
  const report = await comesTrue(async () => (await asha.gets(200, 'listReports', { limit: 1 })).value.items[0], 'yesterday is signed', 60_000);
  assert.equal((await asha.gets(200, 'showReport', { day: report.day })).value.seal, report.seal);
  await asha.gets(404, 'showReport', { day: '2001-01-01' });
  assert.ok((await asha.gets(200, 'checkReports')).value.whole);
});

test('a backfill is planned, begun, followed and stopped', async () => {
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T02:00:00Z' };
  const plan = (await asha.gets(200, 'planBackfill', { job: 'trust-score' }, { from: '2026-01-01T00:00:00Z', to: '2026-01-08T00:00:00Z' })).value;
  const begun = (await asha.gets(202, 'startBackfill', { job: 'trust-score' },
    { plan_hash: plan.plan_hash, from: plan.from, to: plan.to, spacing_ms: 86_400_000, reason })).value;
  assert.ok((await asha.gets(200, 'showBackfill', { backfill: begun.key })).value.slots > 0);
  await asha.gets(200, 'stopBackfill', { backfill: begun.key }, { reason });
  const stale = await asha.asks('startBackfill', { job: 'trust-score' }, { plan_hash: '0'.repeat(64), ...range, reason });
  assert.equal(stale.status, 412);
});

test('festivals: drafted, made, changed, begun, ended and taken away', async () => {
  assert.equal((await asha.gets(200, 'validateFestival', {}, draft)).value.valid, true);
  assert.equal((await asha.gets(200, 'validateFestival', {}, { ...draft, endsAt: 'never' })).value.valid, false);
  assert.equal((await asha.gets(200, 'previewFestivalDraft', { country: 'NP' }, draft)).value.country, 'NP');
  await asha.gets(422, 'previewFestivalDraft', {}, { ...draft, endsAt: 'never' });
  await asha.gets(422, 'createFestival', { reason }, { ...draft, endsAt: 'never' });
  const { id, revision } = (await asha.gets(201, 'createFestival', { reason }, draft)).value;
  const shown = await asha.gets(200, 'showFestival', { festival: id });
  assert.equal(shown.headers.etag, `"${revision}"`);
  await asha.gets(200, 'listFestivals', { country: 'NP', standing: 'coming', limit: 1 });
  await asha.gets(428, 'replaceFestival', { festival: id, reason }, draft);
  await asha.gets(200, 'replaceFestival', { festival: id, reason, 'If-Match': shown.headers.etag }, { ...draft, name: 'Deepawali' });
  await asha.gets(412, 'replaceFestival', { festival: id, reason, 'If-Match': shown.headers.etag }, draft);
  const { name, priority } = (await asha.gets(200, 'editFestival', { festival: id, reason }, { priority: 11 })).value;
  assert.deepEqual([name, priority], ['Deepawali', 11]);
  await asha.gets(412, 'editFestival', { festival: id, reason, 'If-Match': shown.headers.etag }, { priority: 12 });
  await asha.gets(200, 'previewFestival', { festival: id, country: 'NP' });
  await asha.gets(200, 'previewFestival', { festival: id, format: 'css' });
  await asha.gets(200, 'activateFestival', { festival: id }, { reason });
  await asha.gets(409, 'removeFestival', { festival: id, reason });
  await asha.gets(200, 'endFestival', { festival: id }, { reason });
  await comesTrue(async () => (await asha.asks('removeFestival', { festival: id, reason })).status === 204, 'clients have heard that it ended, and it goes');
  await asha.gets(404, 'showFestival', { festival: id });
});

// Somebody who watches, by Engine.IO's polling, as Socket.IO clients begin.
async function visits() {
  const url = `${/clients connect at (\S+)/.exec(node.said)[1]}?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1));
  await fetch(`${url}&sid=${sid}`, { method: 'POST', body: '40' });
  return JSON.parse((await (await fetch(`${url}&sid=${sid}`)).text()).slice(2)).sid;
}

test('clients are listed and put out', async () => {
  const socket = await visits();
  const listed = () => asha.gets(200, 'listClients', { limit: 10, socket }).then(({ value }) => value.items.length);
  await comesTrue(async () => await listed() === 1, 'the client is listed');
  await asha.gets(200, 'listRooms');
  await asha.gets(404, 'disconnectClients', {}, { user: 'user:1', reason });
  assert.equal((await asha.gets(202, 'disconnectClients', {}, { socket, reason })).value.disconnected, 1);
  await comesTrue(async () => await listed() === 0, 'the client is gone');
});

test('the audit is listed, exported and whole', async () => {
  const page = (await asha.gets(200, 'listAudit', { limit: 3, what: 'festival.*', outcome: 'done' })).value;
  assert.equal(page.items.length, 3);
  const lines = (await asha.gets(200, 'exportAudit')).value.trim().split('\n').map((line) => JSON.parse(line));
  lines.forEach(({ number }, at) => assert.ok(at === 0 || number > lines[at - 1].number, 'the oldest first'));
  const check = (await asha.gets(200, 'checkAudit')).value;
  assert.ok(check.whole);
  assert.ok(check.rows >= lines.length);
  const later = (await asha.gets(200, 'exportAudit', { after: lines.at(-2).number })).value.trim().split('\n');
  assert.equal(JSON.parse(later[0]).number, lines.at(-1).number);
});

test('the service says what it is, its nodes and its settings', async () => {
  assert.equal((await asha.gets(200, 'showVersion')).value.api, document.json.info.version);
  const me = (await asha.gets(200, 'showMe')).value;
  assert.equal(me.role, 'admin');
  const { rights } = (await asha.gets(200, 'listRoles')).value.items.find(({ role }) => role === me.role);
  assert.deepEqual(rights, me.rights);
  assert.equal((await asha.gets(200, 'showToken', { token: me.token })).value.name, me.name);
  const { findings } = (await asha.gets(200, 'showDoctor')).value;
  assert.ok(findings.some(({ name, ok }) => name === 'the audit is as it was written' && ok));
  assert.ok((await asha.gets(200, 'listNodes')).value.items.some(({ name }) => name === 'a'));
  const drained = (await asha.gets(200, 'drainNode', { node: 'a' }, { reason })).value;
  assert.deepEqual([drained.draining.by, drained.draining.reason], [me.name, reason]);
  assert.equal((await asha.gets(200, 'takeNodeBack', { node: drained.id, reason })).value.draining, null);
  await asha.gets(404, 'drainNode', { node: 'nobody' }, { reason });
  const queue = (await asha.gets(200, 'listQueueDelays')).value.items.find((one) => one.queue === 'default');
  assert.equal(queue.hours.length, 24);
  const settings = (await asha.gets(200, 'showSettings', { key: 'api' })).value.items;
  assert.ok(settings.every(({ key }) => key.startsWith('api')) && settings.length > 5);
  await asha.gets(200, 'reloadSettings', {}, { reason });
});

test('tokens are made, listed, rotated and revoked', async () => {
  const { value } = await asha.gets(201, 'makeToken', {}, { name: 'ci', role: 'operator', rights: ['look', 'run'], jobs: ['og-*'], networks: ['127.0.0.0/8'], lasts_ms: 3_600_000, reason });
  await asha.gets(200, 'listTokens');
  assert.equal((await asha.gets(200, 'showToken', { token: value.id })).value.secret, undefined);
  const next = (await asha.gets(201, 'rotateToken', { token: value.id }, { overlap_ms: 0, reason })).value;
  await asha.withToken(value.secret).gets(401, 'showMe');
  await asha.withToken(next.secret).gets(200, 'showMe');
  await asha.gets(204, 'revokeToken', { token: next.id, reason });
  await asha.withToken(next.secret).gets(401, 'showMe');
});

test('what needs a second person waits for one, and is done as it was planned', async () => {
  const asked = async () => (await asha.gets(202, 'runJob', { job: money }, { reason })).value;
  const one = await asked();
  assert.ok((await asha.gets(200, 'listApprovals', { open: true })).value.items.some(({ id }) => id === one.id));
  const { plan_hash } = (await bela.gets(200, 'showApproval', { approval: one.id })).value;
  assert.equal((await asha.asks('approve', { approval: one.id }, { plan_hash, reason })).status, 403);
  const done = (await bela.gets(200, 'approve', { approval: one.id }, { plan_hash, reason })).value;
  assert.equal(done.approval.state, 'approved');
  assert.equal(done.result.job, money);
  await bela.gets(200, 'refuseApproval', { approval: (await asked()).id }, { reason });
  for (const [id, body] of [['enableJob', {}], ['setSchedule', { schedule: '0 4 * * *' }], ['setPriority', { priority: 3 }]])
    assert.equal((await asha.gets(202, id, { job: money, ...match }, { ...body, reason })).value.state, 'open');
  assert.equal((await asha.gets(202, 'resetSchedule', { job: money, reason, ...match })).value.state, 'open');
});

test('a session is opened, shown and ended', async () => {
  const opened = await asha.gets(201, 'openSession');
  const browser = asha.as({ Cookie: opened.cookies.map((one) => one.split(';')[0]).join('; ') });
  assert.equal((await browser.gets(200, 'showSession')).value.role, 'admin');
  await browser.gets(403, 'endSession', { 'X-CSRF-Token': 'wrong' });
  await browser.gets(204, 'endSession', { 'X-CSRF-Token': opened.value.csrf });
  await browser.gets(401, 'showSession');
});

test('the document, the words on problems and the runbook are for everybody', async () => {
  const nobody = asha.as({});
  await nobody.gets(200, 'showOpenApi');
  const { code, type } = (await nobody.gets(401, 'listJobs')).value;
  assert.equal(type, `/api/v1/problems/${code}`);
  await nobody.gets(200, 'explainProblem', { code });
  await nobody.gets(404, 'explainProblem', { code: 'gossip' });
  await nobody.gets(200, 'explainAlert', { rule: 'failed' });
  await nobody.gets(404, 'explainAlert', { rule: 'gossip' });
});

test('lists are kept true', async () => {
  const stop = new AbortController();
  const answer = await fetch(`${node.root}/events?topics=jobs`, { headers: asha.headers, signal: stop.signal });
  assert.equal(answer.status, 200);
  assert.ok(document.operations.get('listen').responses['200'].content[answer.headers.get('content-type').split(';')[0]]);
  stop.abort();
  asha.reached.set('listen', new Set([200]));
  await asha.gets(400, 'listen', { topics: 'gossip' });
});

// ---------------------------------------------------------------- whatever the operation, made from its schemas alone

const bad = (operation, values, body, more) => asha.gets(400, operation.id, values, body, more);
const anything = { job, slot: '1', execution: '1', backfill: 'a~1~2~b', festival: '1', token: '1', approval: '1', code: 'stale' };
const path = (operation) => Object.fromEntries(document.parameters(operation, 'path').map(({ name }) => [name, anything[name]]));
const ours = [...document.operations.values()].filter((one) => one['x-right']);

test('a body is an object of exactly the members that its schema names, each of its type', async () => {
  for (const operation of ours.filter((one) => document.bodySchema(one))) {
    const schema = document.resolved(document.bodySchema(operation));
    if (!schema.properties) continue;
    const where = path(operation);
    await bad(operation, where, []);
    await bad(operation, where, 'text');
    await bad(operation, where, null);
    await bad(operation, where, {});
    const { value } = await bad(operation, where, { gossip: 1 });
    assert.ok(value.problems.some((one) => one.where.includes('gossip')), JSON.stringify(value));
    for (const [name, member] of Object.entries(schema.properties)) {
      const { type, maxLength } = document.resolved(member);
      for (const wrong of [type === 'string' ? 17 : 'text', null, [], {}].filter((one) => !(type === 'array' && Array.isArray(one)))) {
        const problems = (await bad(operation, where, { [name]: wrong })).value.problems;
        assert.ok(problems.some((one) => one.where.startsWith(name)), `${operation.id} ${name}: ${JSON.stringify(problems)}`);
      }
      if (maxLength) await bad(operation, where, { [name]: 'x'.repeat(maxLength + 1) });
    }
  }
});

test('a query holds what its operation names, once, and of its type', async () => {
  const get = (operation, query) => asha.sends(operation, operation.method, document.request(operation, path(operation)).target + query, {});
  for (const operation of ours.filter(({ method }) => method === 'GET')) {
    assert.equal((await get(operation, '?gossip=1')).status, 400, operation.id);
    for (const { name, schema } of document.parameters(operation, 'query')) {
      const { type, format, enum: words } = document.resolved(schema);
      if (type !== 'string' || format || words) assert.equal((await get(operation, `?${name}=%20no`)).status, 400, `${operation.id} ${name}`);
      assert.equal((await get(operation, `?${name}=1&${name}=2`)).status, 400, `${operation.id} ${name}`);
    }
  }
});

test('what is not there is 404', async () => {
  const nowhere = { alert: '424242', job: 'no-such-job', slot: '424242', execution: '424242', festival: '424242', token: '424242', approval: '424242' };
  for (const id of ['showJob', 'showNextRuns', 'listChanges', 'showSlot', 'showExecution', 'showFestival', 'showToken', 'showApproval', 'showAlert', 'showStatistics']) {
    const operation = document.operations.get(id);
    const values = Object.fromEntries(document.parameters(operation, 'path').map(({ name }) => [name, nowhere[name]]));
    await asha.gets(404, id, values);
  }
});

test('what is no JSON is 415, and a key that was another request\'s 422', async () => {
  for (const operation of ours.filter((one) => document.bodySchema(one))) {
    const { target, method } = document.request(operation, path(operation));
    assert.equal((await asha.sends(operation, method, target, { 'Content-Type': 'text/plain' }, '{}')).status, 415, operation.id);
  }
  const key = { 'Idempotency-Key': 'two' };
  await asha.gets(202, 'runJob', { job, ...key }, { reason });
  await asha.gets(422, 'runJob', { job, ...key }, { reason: 'another' });
});

test('who has it already is told so', async () => {
  for (const id of ['listJobs', 'showVersion', 'listTokens', 'showKillSwitch']) {
    // Unless it changed in between.
    await comesTrue(async () => {
      const { etag } = (await asha.gets(200, id)).headers;
      return (await asha.asks(id, {}, undefined, { 'If-None-Match': etag })).status === 304;
    }, `${id} is told to be what it was`);
  }
});

after(() => {
  const left = [...document.operations.keys()].filter((id) => !asha.reached.has(id));
  assert.deepEqual(left, [], 'operations that no test reached');
  const good = [...asha.reached].filter(([, statuses]) => ![...statuses].some((status) => status < 300)).map(([id]) => id);
  assert.deepEqual(good, [], 'operations that never did what they are for');
  const all = new Set([...asha.reached.values()].flatMap((statuses) => [...statuses]));
  for (const status of [200, 201, 202, 204, 304, 400, 401, 403, 404, 409, 412, 415, 422, 428]) assert.ok(all.has(status), `nobody was answered ${status}`);
});
