// The overview: true while jobs run, and readable for everybody.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { raise } from '../api/support/stage.mjs';
import { inEveryLook, Operator, reason } from './support/operator.mjs';

leavesNothingOpen();
const { node } = await raise();

async function asks(method, path, body) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

test('what runs is seen as it begins and as it ends', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  const running = asha.page.getByRole('region', { name: 'Running now' });
  await running.getByText(/Nothing runs/).waitFor();
  const slot = await asks('POST', '/jobs/nap/run', { reason });
  await running.getByRole('link', { name: 'nap' }).waitFor();
  await asks('POST', `/slots/${slot.id}/cancel`, { reason });
  await running.getByText(/Nothing runs/).waitFor();
  const lane = asha.page.getByRole('group', { name: /^nap, the last day: 1 cancelled/ });
  await lane.waitFor();
});

test('what is wrong stands first', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.heading('Nothing is wrong').waitFor();
  await asks('PUT', '/kill-switch', { reason: 'a storm' });
  await asha.heading('1 thing needs somebody now').waitFor();
  await asha.sees(/The kill switch is on: nothing starts/);
  await asha.sees(/a storm/);
  await asks('DELETE', '/kill-switch?reason=over');
  await asha.heading('Nothing is wrong').waitFor();
});

test('how far ahead somebody looks is in the address', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  await asha.page.getByRole('button', { name: '24 h' }).click();
  assert.equal(new URL(asha.page.url()).search, '?ahead=24');
  await asha.page.reload();
  await asha.page.getByRole('button', { name: '24 h', pressed: true }).waitFor();
});

test('it is readable in every look', async (t) => {
  await asks('POST', '/jobs/nap/run', { reason });
  await inEveryLook(t, node, '/', 'overview', async (asha) => {
    await asha.is('live');
    await asha.page.getByRole('region', { name: 'Running now' }).getByRole('link', { name: 'nap' }).waitFor();
    await asha.page.getByRole('group', { name: /^og-daily-bonus, the last day/ }).waitFor();
  });
});
