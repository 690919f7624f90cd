// The list of jobs and a job's page: what they show, and each thing that can be done, with its way back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Stage } from './support/jobs.mjs';
import { inEveryLook, Operator, reason } from './support/operator.mjs';

leavesNothingOpen();
const stage = await Stage.make();
const { node } = stage;
const day = 86_400_000, now = Date.now();
await stage.works('flop', 'failed');
await stage.works('stream-ranking', 'completed');

const details = (job) => stage.asks('GET', `/jobs/${job}`);
const becomes = (job, fits) => comesTrue(async () => fits(await details(job)), `${job} becomes what it was told to`);
const dialog = (asha) => asha.page.getByRole('dialog');
const takesBack = async (asha) => {
  await asha.page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await asha.toast('Taken back.');
  // So that the next one of these words is the next one.
  await asha.page.locator('.toasts > *').filter({ hasText: 'Taken back.' }).getByRole('button', { name: 'Dismiss' }).click();
};
const names = (asha) => asha.page.locator('[role="row"] .name > a').allInnerTexts();

test('jobs are sorted and narrowed, and the address keeps it', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs' });
  await asha.row(/flop/).waitFor();
  assert.deepEqual(await names(asha), ['festival-activation', 'flop', 'nap', 'og-daily-bonus', 'speaks', 'stream-ranking', 'talk', 'throne-expiry', 'ticks', 'trust-score', 'wallet']);
  await asha.row(/og-daily-bonus/).getByText('at 00:05 every day').waitFor();
  await asha.row(/og-daily-bonus/).getByText('Australia/Sydney').waitFor();
  await asha.page.getByRole('button', { name: 'Last result' }).click();
  await asha.page.locator('[aria-sort="ascending"]').waitFor();
  assert.equal((await names(asha))[0], 'flop');
  await asha.page.getByRole('searchbox', { name: 'Filter jobs' }).fill('sydney');
  await comesTrue(async () => (await names(asha)).join() === 'og-daily-bonus', 'one job is left');
  assert.equal(new URL(asha.page.url()).search, '?sort=last&q=sydney');
  await asha.page.reload();
  await comesTrue(async () => (await names(asha)).join() === 'og-daily-bonus', 'one job is left');
  await asha.page.getByRole('searchbox', { name: 'Filter jobs' }).fill('no such thing');
  await asha.sees('No job is like that');
  await asha.page.getByRole('link', { name: 'Show all of them' }).click();
  await asha.page.getByRole('button', { name: /^failing 1/ }).click();
  await comesTrue(async () => (await names(asha)).join() === 'flop', 'the one that fails is left');
});

test('a tag leads to the jobs that have it', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/wallet' });
  await asha.page.getByRole('link', { name: 'money', exact: true }).click();
  await comesTrue(async () => (await names(asha)).join() === 'wallet', 'one job is left');
  assert.equal(await asha.page.getByRole('searchbox', { name: 'Filter jobs' }).inputValue(), 'tag:money');
  await asha.row(/wallet/).getByRole('link', { name: 'nightly' }).waitFor();
});

test('the jobs that are listed are exported, in their order', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs?q=utc+every&sort=-job' });
  await asha.row(/trust-score/).waitFor();
  const shown = await names(asha);
  const { name, text } = await asha.saves('Export CSV');
  assert.equal(name, 'jobs.csv');
  const [head, ...lines] = text.trimEnd().split('\r\n');
  assert.match(head, /^job,schedule,enabled,/);
  assert.deepEqual(lines.map((line) => line.split(',')[0]), shown);
  const jobs = (await asha.saves('JSON lines')).text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(jobs.map((one) => one.job), shown);
  assert.ok(jobs.every((one) => one.schedule.zone === 'UTC'));
});

test('the last slots of a job are told by shape and by words, and followed', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs' });
  const row = asha.row(/flop/);
  await row.getByText(/^flop, of the last 1: 1 failed; the last took \S+/).waitFor({ state: 'attached' });
  assert.equal(await row.locator('.Recent path').count(), 1);
  await asha.row(/ticks/).getByText(/^ticks, of the last \d+: .*completed; the last took \S+/).waitFor({ state: 'attached' });
  await asha.row(/wallet/).getByText('wallet, none has ended yet').waitFor({ state: 'attached' });
  const { execution } = await stage.works('flop', 'failed');
  await row.getByText(/^flop, of the last 2: 2 failed/).waitFor({ state: 'attached' });
  await row.locator(`.Recent a[href="/executions/${execution}"]`).click();
  await asha.heading(/^flop, /).waitFor();
});

test('a job that is paused elsewhere is seen paused, where it stands', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs' });
  await asha.row(/throne-expiry/).getByText('on', { exact: true }).waitFor();
  await stage.asks('POST', '/jobs/throne-expiry/pause', { reason: 'a migration' });
  await asha.row(/throne-expiry/).getByText('admin: a migration').waitFor();
  assert.equal((await names(asha)).indexOf('throne-expiry'), 7);
  await stage.asks('POST', '/jobs/throne-expiry/resume', { reason });
  await asha.row(/throne-expiry/).getByText('on', { exact: true }).waitFor();
});

test('a slot is asked for, seen, and cancelled', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/nap' });
  await asha.page.getByRole('button', { name: 'Run now' }).waitFor();
  await asha.page.keyboard.press('r');
  await dialog(asha).getByLabel('Why').fill(reason);
  await dialog(asha).getByRole('button', { name: 'Run now' }).click();
  await asha.toast('nap was asked for.');
  await asha.page.getByRole('link', { name: 'What becomes of it' }).click();
  await asha.heading(/^nap, /).waitFor();
  await asha.page.locator('main').getByText('running').first().waitFor();
  await asha.does('Cancel');
  await asha.page.locator('.top').getByText('cancelled').waitFor();
});

test('a pause says who, why and until when, and can be taken back', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/stream-ranking' });
  await asha.page.getByRole('button', { name: 'Pause', exact: true }).click();
  await dialog(asha).getByRole('button', { name: '4 h', exact: true }).click();
  const ends = Date.parse(`${await dialog(asha).getByLabel(/^Until/).inputValue()}+09:00`) - Date.now(); // in Tokyo
  assert.ok(Math.abs(ends - 4 * 3_600_000) <= 120_000, `${ends} ms`);
  await asha.findsNoBarriers('how long it is paused');
  await dialog(asha).getByLabel(/^Until/).fill('2030-01-01T09:00');
  await dialog(asha).getByLabel('Why').fill('the table is moved');
  await dialog(asha).getByRole('button', { name: 'Pause', exact: true }).click();
  await asha.toast('stream-ranking is paused.');
  await asha.sees('Paused by admin');
  await asha.sees('the table is moved');
  assert.equal((await details('stream-ranking')).paused.until, '2030-01-01T00:00:00.000Z'); // in Tokyo
  await takesBack(asha);
  await asha.page.getByText('Paused by admin').waitFor({ state: 'detached' });
  await asha.does('Pause');
  await asha.does('Resume');
  await becomes('stream-ranking', (job) => !job.paused);
});

test('many are paused and resumed together, and only what that did is taken back', async (t) => {
  await stage.asks('POST', '/jobs/throne-expiry/pause', { reason: 'a migration' });
  const asha = await Operator.comes(t, node, { path: '/jobs' });
  await asha.row(/throne-expiry/).getByText('admin: a migration').waitFor();
  await asha.page.keyboard.press('j');
  await asha.page.keyboard.press('x');
  await asha.page.getByRole('group', { name: 'What is picked' }).getByText('1 picked').waitFor();
  await asha.page.getByLabel('Pick all that are loaded').check();
  await asha.findsNoBarriers('what is picked');
  await asha.page.getByRole('button', { name: 'Pause', exact: true }).click();
  await dialog(asha).getByLabel('Why').fill(reason);
  await dialog(asha).getByRole('button', { name: /^Pause \d+$/ }).click();
  const each = asha.page.getByRole('dialog', { name: /done, 1 refused$/ });
  await each.getByText('refused: it is paused already, by admin: a migration').waitFor();
  await asha.findsNoBarriers('what became of each');
  await asha.page.keyboard.press('Escape');
  await becomes('trust-score', (job) => job.paused);
  await takesBack(asha);
  await becomes('trust-score', (job) => !job.paused);
  assert.ok((await details('throne-expiry')).paused);
  await asha.row(/throne-expiry/).getByLabel('Pick it').check();
  await asha.page.getByRole('button', { name: 'Resume', exact: true }).click();
  await dialog(asha).getByLabel('Why').fill(reason);
  await dialog(asha).getByRole('button', { name: 'Resume 1' }).click();
  await becomes('throne-expiry', (job) => !job.paused);
});

test('who resumes a job is offered what it missed', async (t) => {
  await stage.asks('POST', '/jobs/ticks/pause', { reason: 'a migration' });
  const { since } = (await details('ticks')).paused;
  await comesTrue(async () => (await stage.asks('GET', `/slots?job=ticks&end=refused&since=${since}`)).items.length > 1, 'slots are refused');
  const asha = await Operator.comes(t, node, { path: '/jobs/ticks' });
  await asha.page.getByRole('button', { name: 'Resume', exact: true }).click();
  await dialog(asha).getByLabel(/^Work all \d+/).check();
  await asha.findsNoBarriers('what was missed');
  await dialog(asha).getByLabel('Why').fill(reason);
  await dialog(asha).getByRole('button', { name: 'Resume', exact: true }).click();
  await asha.toast(/\d missed of ticks in line/);
  const { items } = await stage.asks('GET', '/slots?job=ticks&trigger=backfill');
  assert.ok(items.length > 1 && items.every((one) => one.requested_by === 'admin'), JSON.stringify(items));
});

test('what is to be done to a job is said from anywhere', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/nodes' });
  const asks = async (words, option) => {
    await asha.page.keyboard.press('Control+k');
    await asha.page.getByRole('combobox', { name: 'A job, a page, something to do' }).fill(words);
    await asha.page.getByRole('option', { name: option }).click();
  };
  await asks('pause fl', /^Pause flop/);
  await asha.page.getByRole('dialog', { name: 'Pause flop' }).waitFor();
  assert.equal(new URL(asha.page.url()).pathname + new URL(asha.page.url()).search, '/jobs/flop');
  await asha.page.keyboard.press('Escape');
  await asks('back wall', /^Backfill wallet/);
  await asha.page.getByRole('dialog', { name: /wallet/ }).waitFor();
});

test('keys act on the row of the list that has the focus', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/approvals' });
  for (const [key, title] of [['r', 'Run flop now'], ['p', 'Pause flop'], ['e', 'The schedule of flop']]) {
    await asha.goes('/jobs?q=flop');
    await comesTrue(async () => (await names(asha)).join() === 'flop', 'one job is left');
    await asha.page.keyboard.press('j');
    await asha.page.locator('[data-at="0"]:focus').waitFor();
    await asha.page.keyboard.press(key);
    await asha.page.getByRole('dialog', { name: title }).waitFor();
  }
});

test('a job is switched off with its reason, and on by taking that back', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/stream-ranking' });
  await asha.does('Switch off');
  await asha.sees(/Switched off: it is not worked/);
  await becomes('stream-ranking', (job) => !job.enabled);
  await takesBack(asha);
  await becomes('stream-ranking', (job) => job.enabled);
  await stage.asks('POST', '/jobs/stream-ranking/disable', { reason });
  await asha.does('Switch on');
  await becomes('stream-ranking', (job) => job.enabled);
});

test('a priority is changed, taken back by its toast and by the list of changes', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/stream-ranking?tab=changes' });
  const sets = async (priority) => {
    await asha.page.getByRole('button', { name: 'Priority', exact: true }).click();
    await dialog(asha).getByLabel(/^Priority, now/).fill(String(priority));
    await dialog(asha).getByLabel('Why').fill(reason);
    await dialog(asha).getByRole('button', { name: 'Priority', exact: true }).click();
    await becomes('stream-ranking', (job) => job.priority === priority);
  };
  const { priority: before } = await details('stream-ranking');
  await sets(7);
  await takesBack(asha);
  await becomes('stream-ranking', (job) => job.priority === before);
  await asha.page.getByText(`priority ${before}`).waitFor();
  await sets(9);
  const newest = asha.page.getByRole('listitem').filter({ hasText: /→ 9/ });
  await newest.getByRole('button', { name: 'Take back' }).click();
  await dialog(asha).getByLabel('Why').fill(reason);
  await dialog(asha).getByRole('button', { name: 'Take back' }).click();
  await becomes('stream-ranking', (job) => job.priority === before);
  await newest.getByText('taken back', { exact: true }).waitFor();
});

test('what is looked for says from where on it is too much, and that nobody is told where there is no notifier', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/stream-ranking?tab=changes' });
  await asha.page.getByRole('row', { name: /^failing critical .*5 of the last 20 failed, or 3 in a row$/ }).waitFor();
  await asha.page.getByRole('row', { name: /^unknown outcome .* at once$/ }).waitFor();
  await asha.goes('/alerts/rules');
  await asha.sees(/Nobody is told: no notifier is set up\. Write/);
  await asha.findsNoBarriers('nobody is told');
});

test('a schedule is judged as it is typed, put in force, taken back and reset', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/stream-ranking' });
  const opens = async (schedule, zone = 'UTC') => {
    await asha.page.getByRole('button', { name: 'Change schedule' }).click();
    await dialog(asha).getByLabel('Schedule', { exact: true }).fill(schedule);
    await dialog(asha).getByLabel('Zone').fill(zone);
    await dialog(asha).getByLabel('Why').fill(reason);
  };
  const confirm = dialog(asha).getByRole('button', { name: 'Put it in force' });
  await opens('61 * * * *');
  await dialog(asha).getByText('That is no schedule', { exact: false }).waitFor();
  assert.ok(await confirm.isDisabled());
  await dialog(asha).getByLabel('Schedule', { exact: true }).fill('30 2 * * *');
  await dialog(asha).getByLabel('Zone').fill('America/New_York');
  await dialog(asha).getByText('at 02:30 every day, America/New_York').waitFor();
  await dialog(asha).getByText(/The day that follows/).waitFor();
  assert.equal(await dialog(asha).getByRole('listitem').count(), 10);
  await dialog(asha).getByText(/Held up, as workers, limits or other slots make them begin late: \d+ now/).waitFor();
  assert.equal(await dialog(asha).getByText('02:30 does not exist on 2027-03-14').count(), 1);
  await asha.findsNoBarriers('schedule');
  asha.overlooks(/400/);
  await confirm.click();
  await asha.toast('stream-ranking: at 02:30 every day');
  await becomes('stream-ranking', (job) => job.schedule.expression === '30 2 * * *');
  await takesBack(asha);
  await becomes('stream-ranking', (job) => job.schedule.expression === '*/10 * * * *');
  await asha.page.locator('.what').getByText('*/10 * * * *').waitFor();
  await opens('7 * * * *');
  await confirm.click();
  await asha.page.locator('.what').getByText('at minute 7 of every hour').waitFor();
  const { settings } = await details('stream-ranking');
  assert.deepEqual(settings.filter((one) => one.origin.startsWith('live') && one.key !== 'enabled' && one.key !== 'priority').map((one) => one.key), ['schedule'], 'what was not touched goes on by the files');
  await asha.page.getByRole('link', { name: 'Changes', exact: true }).click();
  const change = (words) => asha.page.locator('.changes > li').filter({ hasText: words }).first();
  await change('schedule set').getByText('*/10 * * * *, as the files say').waitFor();
  await asha.page.getByRole('button', { name: 'Go back to this schedule' }).waitFor();
  await asha.findsNoBarriers('versions of a schedule');
  await asha.picture('job-changes');
  await asha.does('Go back to this schedule');
  await becomes('stream-ranking', (job) => job.schedule.expression === '30 2 * * *' && job.schedule.zone === 'America/New_York');
  await takesBack(asha);
  await becomes('stream-ranking', (job) => job.schedule.expression === '7 * * * *');
  await asha.does('Reset schedule');
  await becomes('stream-ranking', (job) => job.schedule.expression === '*/10 * * * *');
});

test('a backfill shows its plan, works exactly that, and tells how far it is', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/festival-activation' });
  await asha.page.getByRole('button', { name: 'Backfill' }).click();
  assert.ok(await dialog(asha).getByRole('button', { name: 'Work them' }).isDisabled());
  await dialog(asha).getByRole('button', { name: 'Show the plan' }).click();
  await dialog(asha).getByText(/^2[345] of 2[45] slots would be worked/).waitFor();
  await asha.findsNoBarriers('backfill');
  await dialog(asha).getByLabel('Why').fill(reason);
  await dialog(asha).getByRole('button', { name: /^Work these 2/ }).click();
  await asha.toast(/^2[345] slots of festival-activation are in line/);
  await asha.heading('festival-activation').waitFor();
  await asha.page.getByRole('heading', { name: 'A backfill is over' }).waitFor();
  await asha.sees(/ended: 2[345] completed/);
  assert.match(asha.page.url(), /[?&]backfill=/);
  await asha.page.getByRole('button', { name: 'Show it no more' }).click();
  assert.equal(new URL(asha.page.url()).search, '');
});

test('a backfill that another began is found on the job’s page, and stopped there', async (t) => {
  const range = { from: new Date(now - 3 * day).toISOString(), to: new Date(now - day).toISOString() };
  const plan = await stage.asks('POST', '/jobs/stream-ranking/backfills/plan', range);
  await stage.asks('POST', '/jobs/stream-ranking/backfills', { ...range, plan_hash: plan.plan_hash, spacing_ms: 60_000, reason });
  const asha = await Operator.comes(t, node, { path: '/jobs/stream-ranking' });
  await asha.page.getByRole('heading', { name: 'A backfill is worked' }).waitFor();
  await asha.does('Stop it');
  await asha.toast(/^Stopped; \d+ slots were taken out of the line/);
  await asha.page.getByRole('heading', { name: 'A backfill is over' }).waitFor();
});

test('what of a job runs leads to its attempt', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/nap' });
  const running = asha.page.getByRole('region', { name: 'Running now' });
  await running.getByText('Nothing of it runs.').waitFor();
  const { id } = await stage.works('nap', 'running');
  await running.getByRole('link', { name: 'nap' }).click();
  await asha.page.waitForURL(/\/executions\//);
  await stage.asks('POST', `/slots/${id}/cancel`, { reason });
  await stage.comes(id, 'cancelled');
});

test('history is narrowed, and the address keeps it', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/flop?tab=history' });
  await asha.row(/failed/).first().waitFor();
  await asha.page.getByLabel('How it stands').selectOption('completed');
  await asha.sees('No slot is like that');
  assert.equal(new URL(asha.page.url()).search, '?tab=history&standing=completed');
  await asha.page.getByRole('link', { name: 'Show all of them' }).click();
  await asha.row(/failed/).first().waitFor();
  const before = await asha.page.getByRole('row').count();
  await stage.works('flop', 'failed');
  await asha.page.getByRole('button', { name: '1 new' }).click();
  await comesTrue(async () => (await asha.page.getByRole('row').count()) === before + 1, 'the new one stands there');
});

test('money waits for a second person', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/wallet' });
  await asha.page.getByRole('button', { name: 'Run now' }).click();
  await dialog(asha).getByText(/Somebody else has to agree first/).waitFor();
  await dialog(asha).getByLabel('Why').fill(reason);
  await dialog(asha).getByRole('button', { name: 'Run now' }).click();
  await asha.toast('Not done yet: a second person has to say yes.');
  assert.match(await asha.page.getByRole('link', { name: 'The approval' }).getAttribute('href'), /^\/approvals\?id=/);
});

test('who may only look sees why, and nothing is done', async (t) => {
  const { secret } = await stage.token('viewer');
  const bela = await Operator.comes(t, node, { token: secret, path: '/jobs/nap' });
  for (const name of ['Run now', 'Pause', 'Change schedule', 'Priority', 'Backfill', 'Switch off']) {
    const button = bela.page.getByRole('button', { name, exact: true });
    await button.waitFor();
    assert.match(await button.getAttribute('title'), /^It takes the right “\w+”, which your viewer’s token does not have/, name);
    await button.click({ force: true });
    assert.equal(await dialog(bela).count(), 0);
  }
  await bela.page.getByLabel('About nap').getByRole('link', { name: 'Settings' }).click();
  await bela.page.getByRole('row', { name: /^Run it/ }).getByText(/right “run”/).waitFor();
});

test('they are readable in every look', async (t) => {
  const from = new Date(now - 12 * day).toISOString(), to = new Date(now - 2 * day).toISOString();
  const { plan_hash } = await stage.asks('POST', '/jobs/festival-activation/backfills/plan', { from, to });
  const { key } = await stage.asks('POST', '/jobs/festival-activation/backfills', { from, to, plan_hash, reason });
  await comesTrue(async () => (await stage.asks('GET', `/backfills/${key}`)).over, 'the backfill is over', 60_000);
  await stage.asks('POST', '/jobs/throne-expiry/pause', { reason: 'a migration' });
  await inEveryLook(t, node, '/jobs', 'jobs', async (asha) => { await asha.row(/wallet/).waitFor(); await asha.page.getByText(/^flop, of the last/).waitFor({ state: 'attached' }); });
  await inEveryLook(t, node, '/jobs/festival-activation', 'job', async (asha) => { await asha.page.getByRole('img', { name: /slots in twelve months/ }).waitFor(); await asha.sees('Half take at most'); });
  await inEveryLook(t, node, '/jobs/flop?tab=history', 'job-history', (asha) => asha.row(/failed/).first().waitFor());
  await inEveryLook(t, node, '/jobs/stream-ranking?tab=changes', 'job-changes', async (asha) => { await asha.sees('Live changes'); await asha.page.getByRole('row', { name: /^failing/ }).waitFor(); });
  await inEveryLook(t, node, '/jobs/flop?tab=settings', 'job-settings', (asha) => asha.page.getByRole('row', { name: /^argv|settings\.argv/ }).waitFor());
});
