// Approvals and tokens: who may do what, what takes two, and why somebody may not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { raise } from '../api/support/stage.mjs';
import { allInEveryLook, Operator, reason } from './support/operator.mjs';

leavesNothingOpen();
const { node } = await raise();

async function asks(method, path, body, token = node.token) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
const person = async (name, role, more = {}) => (await asks('POST', '/tokens', { name, role, reason, ...more })).secret;
const bela = await person('bela', 'operator'), vic = await person('vic', 'viewer');

const asked = (path = '/jobs/og-daily-bonus/run', body = {}) => asks('POST', path, { reason: 'the night was missed', ...body });

test('a second person sees what it is, to the letter, and says yes', async (t) => {
  const ben = await Operator.comes(t, node, { path: '/approvals', token: bela });
  await ben.heading('Nothing waits for a second person').waitFor();
  const { id, plan_hash } = await asked();
  await ben.heading('1 thing waits for a second person').waitFor();
  await ben.page.getByRole('link', { name: /Run og-daily-bonus/ }).click();
  await ben.sees(plan_hash);
  await ben.sees(/"operation": "runJob"/);
  await ben.does('Approve');
  await ben.toast(/^Done: Run og-daily-bonus/);
  await ben.sees('approved');
  const decided = await asks('GET', `/approvals/${id}`);
  assert.deepEqual([decided.state, decided.decided_by, decided.decision_reason], ['approved', 'bela', reason]);
  await ben.page.getByRole('link', { name: 'What came of it' }).click();
  await ben.page.getByRole('table', { name: 'Slots' }).getByRole('row', { name: /og-daily-bonus/ }).waitFor();
});

test('who asked may not say yes, but may withdraw it; another may refuse', async (t) => {
  const one = await asked(), asha = await Operator.comes(t, node, { path: `/approvals?id=${one.id}` });
  await asha.sees('You asked for it yourself: a second person must say yes.');
  assert.equal(await asha.page.getByRole('button', { name: 'Approve' }).getAttribute('aria-disabled'), 'true');
  await asha.does('Withdraw');
  await asha.sees('withdrawn');
  const other = await asked(), ben = await Operator.comes(t, node, { path: `/approvals?id=${other.id}`, token: bela });
  await ben.does('Refuse', { why: 'not tonight' });
  await ben.sees(/not tonight/);
  assert.equal((await asks('GET', `/approvals/${other.id}`)).state, 'refused');
  await ben.page.getByRole('link', { name: 'All approvals' }).click();
  await ben.page.getByLabel('Those that were decided, too').check();
  await ben.page.getByRole('link', { name: /refused/ }).first().waitFor();
  await ben.page.getByRole('link', { name: /withdrawn/ }).first().waitFor();
});

test('who looks alone sees it all, and why nothing can be done', async (t) => {
  const { id } = await asked(), victor = await Operator.comes(t, node, { path: `/approvals?id=${id}`, token: vic });
  await victor.findsShut('Approve', 'approve');
  await victor.findsShut('Refuse', 'approve');
  await victor.goes('/tokens');
  await victor.sees(/right “tokens”, which your viewer’s token does not have/);
  await victor.findsNoBarriers('tokens, not allowed');
  await asks('POST', `/approvals/${id}/refuse`, { reason });
});

test('a token is made, its secret is shown once, it is rotated and revoked', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/tokens' });
  await asha.sees('yours, of this session');
  await asha.page.getByRole('button', { name: 'New token' }).click();
  const dialog = asha.page.getByRole('dialog', { name: 'New token' });
  await dialog.getByLabel('Whose').fill('ci');
  await dialog.getByLabel('all of its role').uncheck();
  for (const right of await dialog.locator('.rights input').all()) await right.check();
  await dialog.getByLabel('For these jobs alone').fill('og-*, nap');
  await dialog.getByLabel('From these networks alone').fill('127.0.0.0/8');
  await dialog.getByLabel('Why').fill(reason);
  await asha.findsNoBarriers('new token');
  await asha.picture('tokens-new-dialog');
  await dialog.getByRole('button', { name: 'Make it' }).click();

  const secret = await shownOnce(asha, 'ci');
  const me = await asks('GET', '/me', undefined, secret);
  assert.deepEqual([me.name, me.role, me.jobs], ['ci', 'operator', ['og-*', 'nap']]);
  await asha.page.reload();
  const row = asha.page.getByRole('listitem').filter({ hasText: 'for og-*, nap alone; from 127.0.0.0/8 alone' });
  await row.getByText(/last used .* from 127\.0\.0\.1/).waitFor();
  assert.ok(!(await asha.page.content()).includes(secret));

  await row.getByRole('button', { name: 'Rotate' }).click();
  const rotate = asha.page.getByRole('dialog', { name: 'Rotate ci’s token' });
  await rotate.getByLabel(/^Hours/).fill('0');
  await rotate.getByLabel('Why').fill(reason);
  await rotate.getByRole('button', { name: 'Rotate' }).click();
  const next = await shownOnce(asha, 'ci');
  assert.equal((await asks('GET', '/me', undefined, next)).name, 'ci');
  await comesTrue(async () => await row.count() === 1, 'the old one is over');

  await row.getByRole('button', { name: 'Revoke' }).click();
  const revoke = asha.page.getByRole('dialog', { name: 'Revoke ci’s token' });
  await revoke.getByLabel('Why').fill(reason);
  await revoke.getByRole('button', { name: 'Revoke' }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await fetch(`${node.root}/me`, { headers: { Authorization: `Bearer ${next}` } })).status, 401);
  await asha.page.getByLabel('Those that are over, too').check();
  await row.filter({ hasText: 'revoked' }).first().waitFor();
});

async function shownOnce(operator, name) {
  const dialog = operator.page.getByRole('dialog', { name: `The token of ${name}` });
  const secret = await dialog.locator('code').textContent();
  await operator.page.keyboard.press('Escape');
  assert.ok(await dialog.isVisible(), 'a slip does not lose it');
  assert.match(secret, /^hc_/);
  await operator.findsNoBarriers('secret');
  await operator.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy the token' }).click();
  await comesTrue(async () => await operator.page.evaluate(() => navigator.clipboard.readText()) === secret, 'it is on the clipboard');
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  return secret;
}

test('what cannot be loaded says why, and is tried again', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/approvals' });
  const triesAgain = await asha.loses('**/api/v1/approvals*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ title: 'Unavailable', detail: 'the database is away', code: 'unavailable', request_id: 'r-1' }) }));
  await asha.page.reload();
  await asha.sees('Approvals could not be loaded: Unavailable');
  await asha.sees('r-1');
  await asha.picture('approvals-failed');
  await triesAgain();
  await asha.heading(/waits? for a second person$/).waitFor();
  asha.overlooks(/503/);
});

test('all of it is readable in every look', async (t) => {
  const { id } = await asked('/jobs/og-daily-bonus/run', { at: '2026-11-24T18:30:00Z' });
  await allInEveryLook(t, node, [
    { path: '/approvals?all=yes', name: 'approvals', ready: (asha) => asha.page.getByRole('link', { name: /withdrawn/ }).first().waitFor() },
    { path: `/approvals?id=${id}`, name: 'approval', ready: (asha) => asha.page.getByRole('heading', { name: 'The plan, to the letter' }).waitFor() },
    { path: '/tokens?over=yes', name: 'tokens', ready: (asha) => asha.page.getByText(/last used/).first().waitFor() },
  ]);
});
