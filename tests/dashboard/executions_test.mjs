// An execution's page: what it shows as it runs and once it ended, and what can be done about it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Stage } from './support/jobs.mjs';
import { inEveryLook, Operator } from './support/operator.mjs';

leavesNothingOpen();
const stage = await Stage.make();
const { node } = stage;
const flop = await stage.works('flop', 'failed');
const talk = await stage.works('talk', 'completed');

const stands = (asha, word) => asha.page.locator('.top').getByText(word, { exact: true }).waitFor();

test('a failure says its cause, what to do, and leads to the runbook and to its alert', async (t) => {
  const asha = await Operator.comes(t, node, { path: `/executions/${flop.execution}` });
  await stands(asha, 'failed');
  const matter = asha.page.getByRole('region', { name: 'What is the matter' });
  await matter.getByText(/exit 2: .*cannot access '\/nowhere'/).waitFor();
  assert.equal(await matter.getByRole('link', { name: 'Runbook: failed' }).getAttribute('href'), '/api/v1/runbook/failed');
  await matter.getByRole('link', { name: /^flop failed/ }).waitFor();
  await asha.page.getByRole('img', { name: /Attempt 1 on a: failed/ }).waitFor();
  await asha.page.getByRole('link', { name: 'flop', exact: true }).click();
  await asha.heading('flop').waitFor();
});

test('a slot is worked anew, and leads to the one before', async (t) => {
  const asha = await Operator.comes(t, node, { path: `/executions/${talk.execution}` });
  await asha.does('Work it anew');
  await asha.toast('talk is worked anew.');
  await asha.page.getByRole('link', { name: 'What becomes of it' }).click();
  await comesTrue(() => asha.page.url().includes('/slots/'), 'the new slot is shown');
  await stands(asha, 'completed');
  const other = await stage.works('talk', 'completed');
  await asha.goes(`/executions/${other.execution}`);
  await asha.page.getByRole('link', { name: /^Before: / }).click();
  await comesTrue(() => !asha.page.url().includes(other.execution), 'the one before is shown');
  await asha.page.getByRole('link', { name: /^Next: / }).click();
  await comesTrue(() => asha.page.url().endsWith(other.execution), 'the next is shown');
});

test('what it said is searched, kept as a file, and each line has an address', async (t) => {
  const asha = await Operator.comes(t, node, { path: `/executions/${talk.execution}?line=280` });
  const line = asha.page.locator('.log .chosen');
  await line.getByText('line 280 of what it says').waitFor();
  await asha.page.getByRole('searchbox', { name: 'Search what it said' }).fill('LINE 29');
  await asha.page.getByText('1 of 11 lines').waitFor();
  assert.equal(await asha.page.locator('.log mark').first().innerText(), 'line 29');
  await asha.page.getByRole('button', { name: 'Next', exact: true }).click();
  await asha.page.getByText('2 of 11 lines').waitFor();
  const [file] = await Promise.all([asha.page.waitForEvent('download'), asha.page.getByRole('button', { name: 'Download' }).click()]);
  assert.equal(file.suggestedFilename(), `talk-${talk.id}.log`);
  assert.match(readFileSync(await file.path(), 'utf8'), /^line 1 of what it says\nline 2 /);
  await asha.page.getByRole('button', { name: 'Line 5', exact: true }).click();
  assert.match(asha.page.url(), /line=5$/);
});

test('what runs is seen to run, and is asked to stop', async (t) => {
  const nap = await stage.works('nap', 'running');
  const asha = await Operator.comes(t, node, { path: `/executions/${nap.execution}` });
  await stands(asha, 'running');
  await asha.page.getByText(/for \d+ s; no telling how long/).waitFor();
  await asha.does('Cancel');
  await asha.toast(/It was asked to stop|It is cancelled/);
  await stands(asha, 'cancelled');
  await asha.page.getByRole('button', { name: 'Work it anew' }).waitFor();
});

test('what it says is seen while it runs, and followed until somebody scrolls up', async (t) => {
  const many = (name, count) => Array.from({ length: count }, (_, n) => `${name} ${n + 1}\n`).join('');
  const speaks = await stage.works('speaks', 'running');
  const asha = await Operator.comes(t, node, { path: `/executions/${speaks.execution}` });
  await asha.sees('It runs, and has said nothing so far.');
  stage.says(many('early', 60));
  const box = asha.page.getByRole('region', { name: 'The lines of what it said' });
  const place = () => box.evaluate((one) => ({ top: one.scrollTop, high: one.clientHeight, rest: one.scrollHeight - one.scrollTop - one.clientHeight }));
  await box.getByText('early 60').waitFor();
  await asha.sees(/60 lines; it runs, newest (now|\d+ s ago)/);
  await comesTrue(async () => (await place()).rest < 2, 'it stands at its end');
  const { high } = await place();
  stage.says(many('later', 60));
  await box.getByText('later 60').waitFor();
  await comesTrue(async () => (await place()).rest < 2, 'it is followed');
  assert.equal((await place()).high, high, 'and nothing below it moves');
  await inEveryLook(t, node, `/executions/${speaks.execution}`, 'execution-speaks', (one) => one.page.getByText('later 60').waitFor());
  await box.evaluate((one) => { one.scrollTop = 100; });
  const follow = asha.page.getByRole('checkbox', { name: 'Follow' });
  await comesTrue(async () => !(await follow.isChecked()), 'who scrolls up is left there');
  stage.says(many('last', 60));
  await box.getByText('last 60').waitFor();
  assert.equal((await place()).top, 100);
  await asha.page.getByRole('searchbox', { name: 'Search what it said' }).fill('last 60');
  await asha.page.getByText('1 of 1 lines').waitFor();
  await follow.check();
  await comesTrue(async () => (await place()).rest < 2, 'it is followed again');
  await asha.does('Cancel');
  await stands(asha, 'cancelled');
  await asha.sees(/^18\d lines$/);
  const [file] = await Promise.all([asha.page.waitForEvent('download'), asha.page.getByRole('button', { name: 'Download' }).click()]);
  const kept = readFileSync(await file.path(), 'utf8'), all = many('early', 60) + many('later', 60) + many('last', 60);
  assert.equal(kept.slice(0, all.length), all);
  assert.match(kept.slice(all.length), /^\[killed by SIG/);
});

test('colours of terminals are shown as it speaks, and are no part of what it says', async (t) => {
  const esc = '\x1b', paints = (codes, words) => `${esc}[${codes}m${words}${esc}[0m`;
  const palette = [...Array(8).keys()].flatMap((n) => [paints(30 + n, `colour ${n}`), paints(`1;${90 + n}`, `loud ${n}`)]).join(' ');
  const speaks = await stage.works('speaks', 'running');
  const asha = await Operator.comes(t, node, { path: `/executions/${speaks.execution}` });
  const box = asha.page.getByRole('region', { name: 'The lines of what it said' });
  stage.says(`${paints(31, 'red alert')}, then ${paints('1;4;32', 'all clear')}${esc}]0;title\x07${esc}[K again\n${esc}[3`);
  await box.getByText('red alert, then all clear again').waitFor();
  stage.says(`6mcyan${esc}[0m plain ${paints('38;5;208', 'amber')}\n${palette}\n${palette} ${paints(2, 'faint')}\n`);
  await box.getByText('cyan plain amber').waitFor();
  const looks = async (words) => (await box.getByText(words, { exact: true }).last().getAttribute('class')) ?? '';
  assert.deepEqual(await Promise.all(['red alert', 'all clear', 'cyan', 'amber', 'faint'].map(looks)), ['red', 'green bold underlined', 'cyan', 'yellow', 'dim']);
  const search = asha.page.getByRole('searchbox', { name: 'Search what it said' });
  await search.fill('ALERT, then all');
  await asha.page.getByText('1 of 1 lines').waitFor();
  assert.equal(await box.locator('mark').innerText(), 'alert, then all');
  assert.equal(await box.locator('mark .red').innerText(), 'alert');
  const line = await box.getByText('faint').first().evaluate((one) => Number(one.closest('[data-line]').dataset.line));
  await inEveryLook(t, node, `/executions/${speaks.execution}?line=${line}`, 'execution-colours', async (one) => {
    await one.page.getByRole('searchbox', { name: 'Search what it said' }).fill('faint');
    await one.page.locator('.log mark').waitFor();
    await one.findsNoBarriers('what was found');
    await one.page.getByRole('searchbox', { name: 'Search what it said' }).fill('colour 7 loud 7');
    await one.page.getByText('1 of 2 lines').waitFor();
  });
  await asha.does('Cancel');
  await stands(asha, 'cancelled');
  const [file] = await Promise.all([asha.page.waitForEvent('download'), asha.page.getByRole('button', { name: 'Download' }).click()]);
  assert.ok(readFileSync(await file.path(), 'utf8').includes(`${esc}[31mred alert`), 'kept to the letter');
});

test('where its time went is shown, and said to be unknown where it was not looked at', async (t) => {
  const slot = await stage.works('stream-ranking', 'completed', { profile: true });
  const asha = await Operator.comes(t, node, { path: `/executions/${slot.execution}` });
  await asha.page.getByRole('button', { name: 'Show' }).click();
  await asha.page.getByText('being claimed').waitFor();
  await asha.page.getByRole('row', { name: /stream_ranking/ }).first().waitFor();
  await asha.findsNoBarriers('profile');
  await asha.goes(`/executions/${talk.execution}?profile=1`);
  await asha.sees('It was not profiled');
});

test('where its time went is not asked for before it can be known', async (t) => {
  const nap = await stage.works('nap', 'running', { profile: true });
  const asha = await Operator.comes(t, node, { path: `/executions/${nap.execution}?profile=1` });
  await asha.sees('It is known once it has ended.');
  const polled = () => asha.page.waitForResponse((told) => told.url().includes(`/executions/${nap.execution}`) && told.request().method() === 'GET');
  await polled();
  await polled();
  await asha.does('Cancel');
  await stands(asha, 'cancelled');
  await asha.page.getByText('being claimed').waitFor();
});

test('who may only look sees why', async (t) => {
  const { secret } = await stage.token('viewer');
  const bela = await Operator.comes(t, node, { token: secret, path: `/executions/${flop.execution}` });
  const button = bela.page.getByRole('button', { name: 'Work it anew' });
  await button.waitFor();
  assert.match(await button.getAttribute('title'), /right “run”/);
});

test('one that is not there is said not to be', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/slots/999999' });
  await asha.sees(/It could not be loaded: Not Found/);
  await asha.sees(/^Request/);
  await asha.page.getByRole('button', { name: 'Try again' }).waitFor();
  asha.overlooks(/404/);
});

// Its worker is killed, and what it did is not to be done twice: so a person says what became of it.
test('an unknown outcome is decided', async (t) => {
  const nap = await stage.works('nap', 'running');
  await node.kill();
  await node.start();
  await stage.comes(nap.id, 'unknown');
  const asha = await Operator.comes(t, node, { path: `/slots/${nap.id}` });
  await stands(asha, 'unknown');
  await asha.sees(/nobody knows how far it came/);
  await inEveryLook(t, node, `/slots/${nap.id}`, 'slot-unknown', (one) => stands(one, 'unknown'));
  await asha.page.getByRole('button', { name: 'Try again', exact: true }).waitFor();
  await asha.does('It completed');
  await asha.toast('It stands as completed.');
  await stands(asha, 'completed');
  assert.equal((await stage.asks('GET', `/slots/${nap.id}`)).slot.ended, 'completed');
});

test('they are readable in every look', async (t) => {
  await inEveryLook(t, node, `/executions/${flop.execution}`, 'execution', async (asha) => { await stands(asha, 'failed'); await asha.page.getByRole('img', { name: /Attempt 1/ }).waitFor(); });
  await inEveryLook(t, node, `/executions/${talk.execution}?line=280`, 'execution-log', (asha) => asha.page.locator('.log .chosen').waitFor());
});
