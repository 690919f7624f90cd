// Alerts, silences, rules and notifiers: what is shown, what is done and taken back, and who may.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { raise } from '../api/support/stage.mjs';
import { allInEveryLook, Operator, reason } from './support/operator.mjs';

leavesNothingOpen();

const fails = 'kind = "command"\nschedule = "0 0 29 2 *"\n[retries]\ncount = 0\n[settings]\nargv = ["/usr/bin/false"]\n';
const { node } = await raise({
  settings: {
    commands: { allow: ['/usr/bin/sleep', '/usr/bin/true', '/usr/bin/false'] },
    alerts: { every: '1 s' },
    'alerts.rules.disabled_long': { after: '0 s' },
    'notifiers.deaf': { kind: 'command', argv: ['/usr/bin/true'] },
    'notifiers.broken': { kind: 'command', argv: ['/usr/bin/false'] },
  },
  jobs: { fails, wavers: `${fails}[alerts.failed]\nfor = "1 d"\n` },
});

async function asks(method, path, body, token = node.token) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
const person = async (name, role, more = {}) => (await asks('POST', '/tokens', { name, role, reason, ...more })).secret;
const bela = await person('bela', 'operator'), vic = await person('vic', 'viewer');
const words = (page) => new URL(page.url()).searchParams;

test('where nothing fires the pages say so', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts' });
  await asha.heading('No alert fires').waitFor();
  await asha.sees('Nothing is about to fire.');
  await asha.sees('None is over that is like that');
  await asha.picture('alerts-empty');
  await asha.page.getByRole('link', { name: 'Silences' }).click();
  await asha.sees('Nothing is silenced');
});

test('what fires is counted on every page, and stands first', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/' });
  await asha.is('live');
  await asks('POST', '/jobs/fails/run', { reason });
  await asks('POST', '/jobs/wavers/run', { reason });
  await asha.page.locator('nav[aria-label="Pages"] .count', { hasText: '1 firing' }).waitFor();
  await asha.page.getByRole('link', { name: 'Alerts 1 firing' }).click();
  await asha.heading('1 alert fires').waitFor();
  await asha.page.getByRole('region', { name: 'Firing' }).getByRole('link', { name: /fails.*failed/ }).waitFor();
  await asha.page.getByRole('region', { name: 'Pending' }).getByRole('link', { name: /wavers.*failed/ }).waitFor();
});

test('alerts are exported as they are narrowed', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts' });
  await asha.page.getByRole('region', { name: 'Pending' }).getByRole('link', { name: /wavers/ }).waitFor();
  const jobs = async () => (await asha.saves('JSON lines')).text.trimEnd().split('\n').map((line) => JSON.parse(line).labels.job).sort();
  assert.deepEqual(await jobs(), ['fails', 'wavers']);
  await asha.page.getByLabel('State').selectOption('pending');
  await asha.page.getByRole('region', { name: 'Firing' }).waitFor({ state: 'detached' });
  assert.deepEqual(await jobs(), ['wavers']);
  const [head, ...lines] = (await asha.saves('Export CSV')).text.trimEnd().split('\r\n');
  assert.match(head, /^id,rule,severity,state,labels,/);
  assert.match(lines[0], /,failed,[a-z]+,pending,"{""job"":""wavers""}"/);
});

test('what the service says of instants is read by the viewer’s clock', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts' });
  const row = asha.page.getByRole('region', { name: 'Firing' }).getByRole('link', { name: /fails.*failed/ });
  await row.getByText(/slot of [-\d: ]+ Tokyo: exit 1/).waitFor();
  await row.click();
  await asha.page.locator('.detail').getByText(/slot of [-\d: ]+ Tokyo: exit 1/).waitFor();
  await asha.goes('/');
  await asha.page.getByRole('list', { name: 'What is wrong' }).getByText(/slot of [-\d: ]+ Tokyo: exit 1/).waitFor();
});

test('keys walk through all alerts, and what is opened has the focus', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts' });
  await asha.page.getByRole('region', { name: 'Pending' }).getByRole('link', { name: /wavers/ }).waitFor();
  for (const key of ['j', 'j', 'k', 'o']) await asha.page.keyboard.press(key);
  await asha.heading('fails failed').waitFor();
  await asha.page.locator('h1:focus').waitFor();
  await asha.page.goBack();
  await asha.heading('1 alert fires').waitFor();
});

test('an alert opens with what to do, is silenced, and the silence is lifted', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts?severity=warning' });
  const row = asha.page.getByRole('region', { name: 'Firing' }).getByRole('link', { name: /fails.*failed/ });
  await row.click();
  await asha.page.getByRole('heading', { level: 2, name: 'What to do' }).waitFor();
  await asha.sees('hotclock alerts explain failed');
  await asha.page.getByRole('heading', { level: 3, name: 'Look first' }).waitFor();
  await asha.page.getByRole('link', { name: 'The execution' }).waitFor();
  await asha.page.getByRole('link', { name: 'Job fails' }).waitFor();
  assert.match(words(asha.page).get('id'), /^\d+$/);

  await asha.page.getByRole('button', { name: 'Silence this' }).click();
  await asha.page.getByRole('dialog').getByText(/^Holds back 1 of the alerts that stand now/).waitFor();
  await asha.findsNoBarriers('silence');
  await asha.picture('alerts-silence-dialog');
  await asha.page.keyboard.press('Escape');
  await asha.does('Silence this', { confirm: 'Silence' });
  await asha.toast('Silenced.');
  await asha.sees(/Nobody is told: silence \d+ by admin/);
  await asha.page.getByRole('link', { name: 'All alerts' }).click();
  await asha.heading('Nothing fires that anybody is told of').waitFor();
  assert.equal(words(asha.page).get('severity'), 'warning');

  await asha.page.getByRole('navigation', { name: 'About alerts' }).getByRole('link', { name: 'Silences' }).click();
  const silence = asha.page.getByRole('listitem').filter({ hasText: 'job=fails' }).filter({ hasText: 'in force' });
  await silence.getByText('1 of what stands now').waitFor();
  await asha.does('Lift');
  await asha.sees('Nothing is silenced');
  await asha.page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await silence.waitFor();
  await asha.does('Lift');
  await asha.sees('Nothing is silenced');
  await asha.page.getByLabel('Those that are over, too').check();
  await asha.page.getByText(/lifted by/).first().waitFor();
});

test('a silence can be made before anything fires, until an instant, and is taken back', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts/silences' });
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await asha.page.getByRole('button', { name: 'New silence' }).click();
  const dialog = asha.page.getByRole('dialog');
  await dialog.getByLabel('Value of job').fill('og-*');
  await dialog.getByText('None of the alerts that stand now is held back by it.').waitFor();
  await dialog.getByLabel(/^Until \(Tokyo time/).fill('2020-01-01T00:00');
  await dialog.getByText('That is over already.').waitFor();
  await dialog.getByLabel(/^Until/).fill(`${day}T09:00`);
  await dialog.getByLabel('Why').fill(reason);
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await asha.toast('Silenced.');
  await asha.sees('job=og-*');
  assert.equal((await asks('GET', '/silences')).items[0].ends_at, `${day}T00:00:00.000Z`);
  await asha.page.locator('.toasts').getByRole('button', { name: 'Undo' }).click();
  await asha.sees('Nothing is silenced');
});

test('what is over is found by state, rule, severity and job, which are in the address', async (t) => {
  await asks('POST', '/jobs/nap/pause', { reason });
  const asha = await Operator.comes(t, node, { path: '/alerts' });
  await asha.page.getByRole('region', { name: 'Firing' }).getByRole('link', { name: /nap/ }).waitFor();
  await asha.page.getByLabel('Rule').fill('disabled');
  await asks('POST', '/jobs/nap/resume', { reason });
  await asha.page.getByRole('region', { name: 'Over' }).getByRole('link', { name: /nap/ }).waitFor();
  assert.equal(await asha.page.getByLabel('Rule').inputValue(), 'disabled', 'what is being typed stays as alerts come and go');
  await asha.page.getByLabel('State').selectOption('resolved');
  await asha.page.getByLabel('Severity').selectOption('info');
  await asha.page.getByLabel('Rule').fill('disabled_long');
  await asha.page.getByLabel('Job', { exact: true }).fill('nap');
  await asha.page.getByLabel('Job', { exact: true }).press('Enter');
  await asha.page.getByLabel('Job', { exact: true }).blur();
  await asha.page.waitForURL('**/alerts?state=resolved&severity=info&rule=disabled_long&job=nap');
  await asha.page.reload();
  const over = asha.page.getByRole('table', { name: 'Alerts that are over' });
  await over.getByRole('link', { name: /nap/ }).first().click();
  await asha.sees('resolved');
  await asha.page.getByRole('heading', { level: 2, name: 'What to do' }).waitFor();
  assert.equal(await asha.page.getByRole('button', { name: 'Silence this' }).count(), 0);
  await asha.goes('/alerts?job=nobody');
  await asha.sees('None is over that is like that');
});

test('under the pointer nothing moves: what is new waits to be asked for', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts?rule=disabled_long' });
  const firing = asha.page.getByRole('region', { name: 'Firing' });
  await asks('POST', '/jobs/nap/pause', { reason });
  await firing.getByRole('link', { name: /nap/ }).hover();
  await asks('POST', '/jobs/wavers/pause', { reason });
  await firing.getByRole('button', { name: '1 new' }).waitFor();
  assert.equal(await firing.getByRole('link', { name: /wavers/ }).count(), 0);
  await asks('POST', '/jobs/nap/resume', { reason });
  await firing.getByText('It is over.').waitFor();
  await firing.getByRole('button', { name: '1 new' }).click();
  await firing.getByRole('link', { name: /wavers/ }).waitFor();
  await asks('POST', '/jobs/wavers/resume', { reason });
  await firing.getByText('It is over.').waitFor();
  await asha.page.mouse.move(5, 5);
  await firing.getByText('Nothing fires.').waitFor();
});

test('rules say from where on it is too much, for whom otherwise, and what to do', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts/rules' });
  const failed = asha.page.getByRole('listitem').filter({ has: asha.page.getByRole('heading', { level: 3, name: 'failed', exact: true }) });
  await failed.getByText('one is enough; told 15 min longer once another was completed', { exact: true }).first().waitFor();
  await failed.getByRole('link', { name: '1 firing, 1 pending' }).waitFor();
  const otherwise = failed.getByRole('list', { name: 'failed: otherwise for' });
  await otherwise.getByText('one is enough; told 15 min longer once another was completed; fires after 1 d').waitFor();
  await otherwise.getByRole('link', { name: 'wavers' }).waitFor();
  await failed.getByText(/^last: the last failure was that of [-\d: ]+ Tokyo \(fails\), (now|\d+ s ago)/).waitFor();
  await asha.page.getByRole('button', { name: 'Runbook of late' }).click();
  await asha.page.getByRole('dialog', { name: 'late' }).getByRole('heading', { level: 2, name: 'What to do' }).waitFor();
  assert.equal(words(asha.page).get('runbook'), 'late');
  await asha.page.keyboard.press('Escape');
  await asha.page.waitForURL('**/alerts/rules');
  await asha.page.getByLabel('Which rules').fill('no such rule');
  await asha.sees('No rule is like that');
});

test('notifiers are tried, and what they say is shown', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/alerts/rules', token: bela });
  await asha.does('Test notifiers');
  await asha.toast('1 of 2 notifiers did not take it.');
  const said = asha.page.getByRole('list', { name: 'What notifiers said' });
  await said.getByRole('listitem').filter({ hasText: 'broken' }).getByText('away').waitFor();
  await said.getByRole('listitem').filter({ hasText: 'deaf' }).getByText('sent').waitFor();
  await asha.findsNoBarriers('notifiers');
});

test('who looks alone sees it all, and why nothing can be done', async (t) => {
  const victor = await Operator.comes(t, node, { path: '/alerts', token: vic });
  await victor.page.getByRole('region', { name: 'Firing' }).getByRole('link', { name: /fails.*failed/ }).click();
  await victor.findsShut('Silence this', 'silence');
  await victor.goes('/alerts/silences');
  await victor.findsShut('New silence', 'silence');
  await victor.goes('/alerts/rules');
  await victor.findsShut('Test notifiers', 'silence');
});

test('all of it is readable in every look', async (t) => {
  const silence = await asks('POST', '/silences', { matchers: ['rule=failed', 'job=trust-*'], lasts_ms: 3_600_000, reason: 'the provider moves' });
  const [alert] = (await asks('GET', '/alerts?job=fails')).items;
  await allInEveryLook(t, node, [
    { path: '/alerts', name: 'alerts', ready: (asha) => asha.page.getByRole('region', { name: 'Over' }).getByRole('link').first().waitFor() },
    { path: `/alerts?id=${alert.id}`, name: 'alert', ready: (asha) => asha.page.getByRole('heading', { level: 3, name: 'Look first' }).waitFor() },
    { path: '/alerts/silences?all=yes', name: 'silences', ready: (asha) => asha.sees('the provider moves') },
    { path: '/alerts/rules', name: 'rules', ready: (asha) => asha.page.getByRole('button', { name: 'Runbook of auditor_differs' }).waitFor() },
  ]);
  await asks('DELETE', `/silences/${silence.id}?reason=over`);
});

// The page reads headings, paragraphs, lists and commands; anything else would be shown as it is written.
test('no page of the runbook has what the dashboard does not read', () => {
  const folder = join(import.meta.dirname, '../../docs/runbook');
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.doesNotMatch(text, /^(```|\||> |\* |<)/m, file);
    assert.doesNotMatch(text, /\*\*|\]\(/, file);
  }
});
