// The audit: what was done and what was refused, its chain, and what the auditor found.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { raise } from '../api/support/stage.mjs';
import { inEveryLook, Operator, reason } from './support/operator.mjs';

leavesNothingOpen();
const { node } = await raise();

async function asks(method, path, body, token = node.token, more = {}) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...more }, body: body && JSON.stringify(body) });
  return { status: answer.status, value: await answer.json().catch(() => undefined) };
}
const vic = (await asks('POST', '/tokens', { name: 'vic', role: 'viewer', reason })).value.secret;
await asks('PUT', '/jobs/throne-expiry/priority', { priority: 7, reason: 'the throne first' });
const nap = (await asks('POST', '/jobs/nap/run', { reason: 'to see it' })).value;
await asks('POST', `/slots/${nap.id}/cancel`, { reason: 'it was seen' });
assert.equal((await asks('POST', '/jobs/nap/pause', { reason: 'me too' }, vic)).status, 403);

const rows = (operator) => operator.page.getByRole('table', { name: 'Audit' });

test('who did what is read with what it changed, and why', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/audit' });
  await rows(asha).getByRole('row', { name: /throne-expiry done .*7.*the throne first/ }).getByRole('link').click();
  const entry = asha.page.getByRole('dialog');
  await entry.getByRole('row', { name: /7/ }).waitFor();
  await entry.getByText('the throne first').waitFor();
  await asha.findsNoBarriers('an entry');
  await asha.page.keyboard.press('Escape');
  await entry.waitFor({ state: 'hidden' });
  await rows(asha).getByRole('row', { name: /it was seen/ }).getByRole('link').click();
  await entry.getByRole('link', { name: nap.id, exact: true }).click();
  await asha.page.waitForURL(new RegExp(`/slots/${nap.id}$`));
  await asha.heading(/^nap, /).waitFor();
});

test('what was refused is found by filters that the address keeps', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/audit' });
  await asha.page.getByLabel('Who').fill('vic');
  await asha.page.getByLabel('Outcome').selectOption('refused');
  await rows(asha).getByRole('row', { name: /vic pause .*refused/ }).waitFor();
  await comesTrue(async () => (await rows(asha).getByRole('row').count()) === 2, 'the head and that one');
  await asha.page.reload();
  await rows(asha).getByRole('row', { name: /vic pause .*refused/ }).waitFor();
  await asha.page.getByLabel('Who').fill('nobody');
  await asha.sees('Nothing of that kind was done or refused');
});

test('its chain is checked, and all of it exported', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/audit' });
  await asha.page.getByRole('button', { name: 'Check the chain' }).click();
  await asha.sees('The chain is whole');
  const lines = (await asha.saves('Export all, chained')).text.trim().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.some(({ who, outcome }) => who === 'vic' && outcome !== 'done'));
});

test('what of it is listed is exported, as it is narrowed', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/audit?who=vic&outcome=refused' });
  await rows(asha).getByRole('row', { name: /vic pause .*refused/ }).waitFor();
  const { name, text } = await asha.saves('Export CSV');
  assert.equal(name, 'audit.csv');
  const [head, ...lines] = text.trimEnd().split('\r\n');
  assert.match(head, /^id,at,who,/);
  assert.equal(lines.length, 1);
  assert.match(lines[0], /,vic,.*,pause,/);
  const [entry, ...more] = (await asha.saves('JSON lines')).text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([entry.who, entry.what, more.length], ['vic', 'pause', 0]);
});

test('the auditor says what stands, and whether its reports are whole', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/audit/auditor' });
  await asha.sees(/None: every due slot|^slot missing/);
  await asha.page.getByRole('button', { name: 'Check the reports' }).click();
  await asha.sees('Their chain is whole');
  await asha.page.getByRole('button', { name: 'Enumerate anew' }).click();
  await asha.sees(/(No difference|\d+ differences): \d+ slots should have been, from/);
});

test('who may not audit is told why', async (t) => {
  const viewer = await Operator.comes(t, node, { token: vic, path: '/history' });
  await viewer.page.getByText(/^Audit: It takes the right “audit”/).waitFor();
  await viewer.goes('/audit');
  await viewer.sees(/right “audit”, which your viewer’s token does not have/);
});

test('it is readable in every look', async (t) => {
  await inEveryLook(t, node, '/audit', 'audit', async (asha) => {
    await rows(asha).getByRole('row', { name: /throne-expiry/ }).waitFor();
    await asha.page.getByRole('button', { name: 'Check the chain' }).click();
    await asha.sees('The chain is whole');
  });
  await inEveryLook(t, node, '/audit/auditor', 'auditor', (asha) => asha.sees(/None: every due slot|^slot missing/));
});
