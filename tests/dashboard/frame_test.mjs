// The frame: what is served, who gets in, and what is the same on every page.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { raise } from '../api/support/stage.mjs';
import { looks, Operator } from './support/operator.mjs';

leavesNothingOpen();
const { node } = await raise();
const origin = `http://127.0.0.1:${node.port}`;

test('who has no session signs in where they are, and nothing keeps their token', async (t) => {
  const bela = await Operator.comes(t, node, { token: null, path: '/?ahead=24' });
  await bela.heading('Sign in').waitFor();
  await bela.findsNoBarriers('sign-in');
  await bela.signsIn(node.token);
  await bela.is('live');
  assert.equal(new URL(bela.page.url()).search, '?ahead=24');
  const kept = await bela.page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  assert.ok(!kept.includes(node.token));
  await bela.page.reload();
  await bela.is('live');
});

test('a token that is none is told as the API tells it', async (t) => {
  const nobody = await Operator.comes(t, node, { token: null });
  await nobody.page.getByLabel('Token').fill('hc_nobody_knows_this');
  await nobody.page.getByRole('button', { name: 'Sign in' }).click();
  await nobody.sees(/Not signed in: Unauthorized/);
  await nobody.sees(/^Request/);
  assert.equal(await nobody.page.getByLabel('Token').inputValue(), '');
  nobody.overlooks(/401/);
});

test('signing out ends the session', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  await asha.page.getByRole('button', { name: /: account$/ }).click();
  await asha.page.getByRole('button', { name: 'Sign out' }).click();
  await asha.heading('Sign in').waitFor();
  await asha.page.reload();
  await asha.heading('Sign in').waitFor();
  asha.overlooks(/401/); // what the page was asking as the session ended
});

test('the palette finds pages and settings by a few letters', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  await asha.page.keyboard.press('Control+k');
  await asha.page.getByRole('combobox', { name: 'A job, a page, something to do' }).fill('thdark');
  await asha.page.getByRole('option', { name: /Theme: dark/ }).waitFor();
  await asha.findsNoBarriers('palette');
  await asha.page.keyboard.press('Enter');
  await asha.page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
  await asha.page.reload();
  await asha.page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
});

test('the palette leads to slots by their numbers, to festivals by their names, and to executions by whole ids', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  const festival = await fetch(`${origin}/api/v1/festivals?limit=1`, { headers: { Authorization: `Bearer ${node.token}` } }).then((told) => told.json());
  const { id, name } = festival.items[0];
  const types = async (words) => {
    await asha.page.keyboard.press('Control+k');
    await asha.page.getByRole('combobox', { name: 'A job, a page, something to do' }).fill(words);
  };
  await types('0193a4f2');
  await asha.page.getByRole('option', { name: /^Search the history/ }).waitFor();
  assert.equal(await asha.page.getByRole('option', { name: /^Execution/ }).count(), 0);
  await types('0193a4f2-5b7c-7c3e-8000-000000000001');
  await asha.page.getByRole('option', { name: /^Execution 0193a4f2/ }).waitFor();
  await types(name);
  await asha.page.getByRole('option', { name }).filter({ hasText: 'festival' }).first().click();
  await asha.page.waitForURL(`**/festivals/${id}`);
  for (const words of ['#7', 'slot 7']) {
    await types(words);
    await asha.page.getByRole('option', { name: /^Slot 7/ }).waitFor();
  }
});

test('keys do something unless somebody types or has switched them off', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  await asha.page.keyboard.press('?');
  const help = asha.page.getByRole('dialog', { name: 'Help' });
  await help.waitFor();
  await asha.findsNoBarriers('help');
  await help.getByLabel('Single keys do something').uncheck();
  await asha.page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  await asha.page.keyboard.press('?');
  await asha.page.keyboard.press('Control+k');
  await asha.page.getByRole('combobox', { name: 'A job, a page, something to do' }).waitFor();
  assert.equal(await help.isVisible(), false);
});

test('on a phone Escape closes the menu, and the account stands above it', async (t) => {
  const asha = await Operator.comes(t, node, { look: looks[0] });
  const menu = asha.page.getByRole('button', { name: /^Pages/ });
  const pages = asha.page.getByRole('navigation', { name: 'Pages' });
  await menu.click();
  await pages.waitFor();
  await asha.page.getByRole('button', { name: /: account$/ }).click();
  await asha.page.getByRole('button', { name: /^Theme: / }).last().click(); // nothing lies over it
  await asha.findsNoBarriers('the account over the menu');
  await asha.page.keyboard.press('Escape');
  await asha.page.locator('#user-menu').waitFor({ state: 'detached' });
  assert.ok(await pages.isVisible());
  await asha.page.keyboard.press('Escape');
  await pages.waitFor({ state: 'hidden' });
  assert.equal(await menu.evaluate((one) => one === document.activeElement), true);
});

test('who goes to a page, or back to it, is at its heading', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  const isAt = (name) => asha.page.waitForFunction((text) => document.activeElement.matches('main h1') && document.activeElement.textContent === text, name);
  await asha.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Jobs' }).click();
  await asha.row(/nap/).waitFor();
  await isAt('Jobs');
  await asha.row(/nap/).getByRole('link', { name: 'nap' }).click();
  await isAt('nap');
  await asha.page.goBack();
  await asha.row(/nap/).waitFor();
  await isAt('Jobs');
});

test('a dialog begins in its first field, and says what it lacks', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/nap' });
  await asha.page.getByRole('button', { name: 'Run now', exact: true }).click();
  const dialog = asha.page.getByRole('dialog');
  await dialog.getByText('Say why first.').waitFor();
  assert.equal(await dialog.getByLabel(/^As of/).evaluate((one) => one === document.activeElement), true);
  await dialog.getByLabel('Why').fill('to see');
  await dialog.getByText('Say why first.').waitFor({ state: 'detached' });
  await asha.page.keyboard.press('Escape');
  await asha.page.getByRole('button', { name: 'Switch off', exact: true }).click();
  assert.equal(await dialog.getByLabel('Why').evaluate((one) => one === document.activeElement), true);
});

test('times are in the zone that somebody chose, and say so', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.is('live');
  await asha.page.getByText(/^\d\d:\d\d:\d\d Tokyo$/).waitFor();
  await asha.page.getByLabel('Zone of times').selectOption('utc');
  await asha.page.getByText(/^\d\d:\d\d:\d\d UTC$/).waitFor();
});

test('what is no page says so, with the status that it has', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.goes('/jbos');
  await asha.heading('There is no such page').waitFor();
  asha.overlooks(/404/);
  for (const href of await asha.page.getByRole('navigation', { name: 'Pages' }).getByRole('link').evaluateAll((links) => links.map((link) => link.href)))
    assert.equal((await fetch(href)).status, 200, href);
});

test('a page can be worked on within a second', async (t) => {
  const asha = await Operator.comes(t, node);
  const times = [];
  for (let i = 0; i < 5; ++i) {
    const began = performance.now();
    await asha.goes('/');
    await asha.is('live');
    times.push(performance.now() - began);
  }
  assert.ok(Math.min(...times) < 1000, `it took ${times.map(Math.round)} ms`);
});

test('the server may be gone for a while', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/jobs/nap' });
  const bela = await Operator.comes(t, node, { path: '/history', look: looks[0] });
  await asha.is('live');
  await asha.page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await bela.sees(/^\d[\d,]* slots?$/);
  await bela.is('live');
  await node.kill();
  await asha.is('reconnecting');
  await asha.sees(/^Reconnecting, stale for/);
  await asha.page.getByRole('button', { name: 'Pause', exact: true }).click();
  await asha.page.getByRole('dialog').getByLabel('Why').fill('it is gone');
  await asha.page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
  await asha.sees('It is not known whether it was done: nobody answered');
  await asha.page.getByRole('dialog').getByRole('button', { name: 'Leave it' }).click();
  await bela.is('reconnecting');
  await bela.page.getByRole('combobox', { name: 'What is looked for' }).fill('job:nobody');
  await bela.page.keyboard.press('Enter');
  await bela.sees('not counted: nobody answered');
  await bela.page.locator('.connection').getByText(/^.*\d s$/).waitFor();
  await bela.picture('reconnecting-360');
  const boxes = await bela.page.locator('header.Header > *').evaluateAll((all) => all.map((one) => one.getBoundingClientRect())
    .filter(({ width }) => width > 0).map(({ left, right }) => [left, right]));
  for (const [at, [left]] of boxes.entries()) assert.ok(at === 0 || left >= boxes[at - 1][1] - 1, `one lies over another: ${JSON.stringify(boxes)}`);
  await bela.findsNoBarriers('the server is gone');
  await node.start();
  await asha.is('live');
  await bela.sees('0 slots');
  await bela.sees('No slot is like that');
  for (const one of [asha, bela]) one.overlooks(/ERR_|Failed to load resource/);
});

test('without the dashboard there is the API alone', async () => {
  assert.equal((await fetch(`${origin}/`)).status, 200);
  await node.stop();
  node.settings.api = { dashboard: false };
  await node.start();
  assert.equal((await fetch(`${origin}/`)).status, 404);
  assert.equal((await fetch(`${origin}/livez`)).status, 200);
});
