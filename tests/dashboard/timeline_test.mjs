// The time line: what was worked and what comes, moved through by mouse, keys and buttons, and as much as 10,000 of them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { raise } from '../api/support/stage.mjs';
import { inEveryLook, Operator, reason } from './support/operator.mjs';
import { fill, frames, told } from './support/past.mjs';

leavesNothingOpen();
const { node, database } = await raise();

async function asks(method, path, body) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}
const lane = (operator, words) => operator.page.getByRole('img', { name: words });
const query = (operator) => new URL(operator.page.url()).searchParams;
const said = (operator, name, value) => operator.page.waitForFunction(([n, v]) => new URLSearchParams(location.search).get(n) === v, [name, value]);

test('what runs is in its lane as it begins and as it ends', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/timeline?span=60' });
  await asha.is('live');
  await lane(asha, /^nap: nothing worked/).waitFor();
  const slot = await asks('POST', '/jobs/nap/run', { reason });
  await lane(asha, /^nap: 1 running/).waitFor();
  await asks('POST', `/slots/${slot.id}/cancel`, { reason });
  await lane(asha, /^nap: 1 cancelled/).waitFor();
  await lane(asha, /^og-daily-bonus: .*to come|^og-daily-bonus: nothing worked/).waitFor();
});

test('the view is moved by buttons and keys, and lives in the address', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/timeline' });
  await asha.is('live');
  await asha.page.getByRole('button', { name: '24 h' }).click();
  await said(asha, 'span', '1440');
  await lane(asha, /^stream-ranking: .*to come/).waitFor();
  await asha.page.getByRole('button', { name: 'Earlier' }).click();
  await asha.page.waitForFunction(() => new URLSearchParams(location.search).has('from'));
  const before = query(asha).get('from');
  await asha.page.getByRole('group', { name: /^Lanes/ }).focus();
  await asha.page.keyboard.press('ArrowLeft');
  await asha.page.waitForFunction((from) => new URLSearchParams(location.search).get('from') < from, before);
  const span = () => Date.parse(query(asha).get('to')) - Date.parse(query(asha).get('from'));
  const wide = span();
  await asha.page.keyboard.press('+');
  await asha.page.waitForFunction((most) => { const q = new URLSearchParams(location.search); return Date.parse(q.get('to')) - Date.parse(q.get('from')) < most; }, wide * 0.6);
  const view = asha.page.url();
  await asha.page.reload();
  await asha.is('live');
  assert.equal(asha.page.url(), view);
  await asha.page.getByRole('button', { name: 'Now', exact: true }).click();
  await asha.page.waitForFunction(() => !new URLSearchParams(location.search).has('from'));
});

test('the keys lead from bar to bar, and each says what it was', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/timeline?span=60&q=nap' });
  await asha.is('live');
  await lane(asha, /^nap: 1 cancelled/).waitFor();
  await asha.page.keyboard.press('j');
  const bar = asha.page.getByRole('link', { name: /^nap: cancelled, due .* asked for$/ });
  await bar.waitFor();
  assert.ok(await bar.evaluate((one) => one === document.activeElement));
  await asha.findsNoBarriers('a bar that was chosen');
  await asha.page.keyboard.press('Enter');
  await asha.page.waitForURL(/\/slots\/\d+$/);
  await asha.heading(/^nap, /).waitFor();
});

test('a mouse drags it, and its wheel zooms at what it points at', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/timeline' });
  await asha.is('live');
  const chart = asha.page.getByRole('group', { name: /^Lanes/ });
  const box = await chart.boundingBox();
  await asha.page.mouse.move(box.x + box.width - 200, box.y + 30);
  await asha.page.mouse.down();
  await asha.page.mouse.move(box.x + box.width - 60, box.y + 30, { steps: 5 });
  await asha.page.mouse.up();
  await asha.page.waitForFunction(() => new URLSearchParams(location.search).has('from'));
  const to = query(asha).get('to');
  await asha.page.mouse.move(box.x + box.width - 200, box.y - 20);
  await asha.page.mouse.wheel(0, -300);
  await asha.page.waitForFunction((before) => new URLSearchParams(location.search).get('to') < before, to);
});

test('10,000 bars are moved without a stutter', async (t) => {
  await fill(database, { count: 9_900, minutes: 17 * 60 });
  const asha = await Operator.comes(t, node, { path: '/timeline?span=1440', look: { viewport: { width: 1440, height: 900 } } });
  await asha.is('live');
  await lane(asha, /^nap: .*89\d\d completed/).waitFor();
  await asha.page.getByText(/As a table: 9,\d{3} slots in view/).waitFor();
  const shown = await frames(asha.page, `async () => {
    const chart = document.querySelector('.chart'), box = chart.getBoundingClientRect();
    const at = (type, x) => chart.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, isPrimary: true, button: 0, buttons: 1, clientX: x, clientY: box.top + 20, pointerType: 'touch' }));
    chart.setPointerCapture = () => {};
    at('pointerdown', box.left + 600);
    for (let i = 0; i < 60; ++i) { at('pointermove', box.left + 600 + (i % 30) * 6); await new Promise(requestAnimationFrame); }
    at('pointerup', box.left + 600);
  }`);
  console.log(`# frames of 10,000 bars: ${told(shown)}`);
  assert.ok(shown.each < 50, told(shown));
});

test('what is too much is counted, and told one by one from nearer', async (t) => {
  await fill(database, { count: 9_000, minutes: 22 * 60, until: Date.now() - 1000 });
  const asha = await Operator.comes(t, node, { path: '/timeline?span=1440' });
  await asha.is('live');
  await asha.sees(/each block counts \d+ min/);
  await asha.page.getByRole('button', { name: '1 h', exact: true }).click();
  await asha.page.getByText(/each block counts/).waitFor({ state: 'hidden' });
});

test('where the server does not answer, it says so and tries again', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/timeline' });
  await asha.is('live');
  const triesAgain = await asha.loses('**/api/v1/timeline*', (route) => route.abort());
  await asha.page.getByRole('button', { name: '7 d' }).click();
  await asha.sees(/The time line could not be loaded: nobody answered/);
  await triesAgain();
  await asha.page.getByText(/could not be loaded/).waitFor({ state: 'hidden' });
  asha.overlooks(/ERR_FAILED/);
});

test('it is readable in every look', async (t) => {
  await asks('POST', '/jobs/nap/run', { reason });
  await inEveryLook(t, node, '/timeline?span=10', 'timeline', async (asha) => {
    await asha.is('live');
    await lane(asha, /^nap: .*1 running/).waitFor();
    await asha.page.getByText(/^As a table/).click();
    await asha.page.getByRole('cell', { name: 'running' }).first().waitFor();
  });
});
