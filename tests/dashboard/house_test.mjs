// The service itself: nodes and queues, clients, settings with what differs from the files, and the kill switch.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { raise } from '../api/support/stage.mjs';
import { inEveryLook, Operator, reason } from './support/operator.mjs';

leavesNothingOpen();
const { node } = await raise({ settings: { realtime: { anonymous: true } } });

async function asks(method, path, body, more = {}) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/json', ...more }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}
const tokenOf = async (role) => (await asks('POST', '/tokens', { name: role, role, reason })).secret;
const viewer = await tokenOf('viewer');

// A client's session as Engine.IO opens it, and which holds it.
async function visits() {
  const url = `${/clients connect at (\S+)/.exec(node.said)[1]}?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1));
  await fetch(`${url}&sid=${sid}`, { method: 'POST', body: '40' });
  return JSON.parse((await (await fetch(`${url}&sid=${sid}`)).text()).slice(2)).sid;
}

const region = (asha, name) => asha.page.getByRole('region', { name });

test('nodes say what they work, and queues what their rule is', async (t) => {
  const slot = await asks('POST', '/jobs/nap/run', { reason });
  const asha = await Operator.comes(t, node, { path: '/nodes' });
  const nodes = region(asha, 'Nodes');
  await nodes.getByText('works', { exact: true }).waitFor();
  await nodes.getByRole('link', { name: 'nap' }).waitFor();
  const money = region(asha, 'Queues').getByRole('row', { name: /^money/ });
  assert.equal(await money.locator('[data-name="Reserved"]').textContent(), '1');
  await asha.page.getByRole('button', { name: 'Look', exact: true }).click();
  await asha.sees(/^All \d+ hold\./);
  await inEveryLook(t, node, '/nodes', 'nodes', async (one) => {
    await region(one, 'Nodes').getByRole('link', { name: 'nap' }).waitFor();
    await one.page.getByRole('button', { name: 'Look', exact: true }).click();
    await one.sees(/^All \d+ hold\./);
  });
  await asks('POST', `/slots/${slot.id}/cancel`, { reason });
  await nodes.getByText('works on nothing').waitFor();
});

test('a node is drained with a reason, works nothing until it is taken back, and the overview says so', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/nodes' });
  const nodes = region(asha, 'Nodes'), dialog = asha.page.getByRole('dialog');
  const [{ id }] = (await asks('GET', '/nodes')).items;
  await nodes.getByRole('button', { name: 'Drain', exact: true }).click();
  await dialog.getByLabel('Why').fill('a new kernel');
  await dialog.getByRole('button', { name: 'Drain', exact: true }).click();
  await asha.toast('a drains.');
  await nodes.getByText('drains', { exact: true }).waitFor();
  await nodes.getByText(/a new kernel/).waitFor();
  await comesTrue(() => node.said.includes('drains: takes nothing new'), 'the node has heard of it');
  const slot = await asks('POST', '/jobs/nap/run', { reason });
  await region(asha, 'Queues').getByRole('row', { name: /^default/ }).locator('[data-name="Due"]').getByText(/^[1-9]/).waitFor();
  assert.equal((await asks('GET', `/slots/${slot.id}`)).slot.state, 'due');
  await inEveryLook(t, node, '/nodes', 'nodes-drain', (one) => region(one, 'Nodes').getByText('drains', { exact: true }).waitFor());
  const home = await Operator.comes(t, node, { path: '/' });
  await home.sees('1 of 1 drain');
  await nodes.getByRole('button', { name: 'Take it back' }).click();
  await dialog.getByLabel('Why').fill('it is done');
  await dialog.getByRole('button', { name: 'Take it back' }).click();
  await nodes.getByText('works', { exact: true }).waitFor();
  await nodes.getByRole('link', { name: 'nap' }).waitFor();
  assert.equal((await asks('GET', '/nodes')).items.find((one) => one.id === id).draining, null);
  await asks('POST', `/slots/${slot.id}/cancel`, { reason });
  await nodes.getByText('works on nothing').waitFor();
  await asha.page.reload();
  await region(asha, 'Queues').getByRole('row', { name: /^default/ }).locator('[data-name="Delay p95"]').getByText(/\d/).waitFor();
});

test('who is connected is seen, and is put out with a reason', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/clients' });
  await asha.sees('Nobody is connected');
  await visits();
  await visits();
  await inEveryLook(t, node, '/clients', 'clients', (one) => one.heading('Clients').waitFor().then(() => one.sees(/^2 connected/)));
  await asha.page.reload();
  await asha.sees(/^2 connected/);
  const list = asha.page.getByRole('list', { name: 'Connected' }).getByRole('listitem');
  await list.first().getByRole('button', { name: 'Disconnect' }).click();
  await asha.page.getByRole('dialog').getByLabel('Why').fill(reason);
  await asha.page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await asha.toast('1 connection is ended.');
  await asha.sees(/^1 connected/);
  await asha.page.getByLabel('User').fill('user:17');
  await asha.page.getByLabel('User').press('Enter');
  await asha.sees('Nobody like that is connected');
  assert.equal(new URL(asha.page.url()).search, '?user=user%3A17');
});

test('settings say where they come from, and are narrowed down', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/config' });
  const force = region(asha, 'In force');
  await force.getByText('otherwise than shipped').first().waitFor();
  await force.getByText('look_for_lost', { exact: true }).waitFor();
  await asha.findsNoBarriers('all settings');
  await asha.page.getByLabel('Only what differs from the default').check();
  await force.getByRole('heading', { name: 'scheduler' }).waitFor();
  await force.getByRole('heading', { name: 'queues.money' }).waitFor({ state: 'detached' });
  await asha.page.getByLabel('Words').fill('nothing is called so');
  await asha.sees('No setting is like that');
  assert.match(new URL(asha.page.url()).search, /only=changed/);
});

test('where live changes and files disagree, the files are let count, and that is taken back', async (t) => {
  const job = await fetch(`${node.root}/jobs/nap`, { headers: { Authorization: `Bearer ${node.token}` } });
  await asks('PUT', '/jobs/nap/schedule', { schedule: '0 0 1 3 *', reason: 'a test of drift' }, { 'If-Match': job.headers.get('ETag') });
  const asha = await Operator.comes(t, node, { path: '/config' });
  const drift = region(asha, 'Where live changes and files disagree');
  await drift.getByText('0 0 1 3 *').first().waitFor();
  await drift.getByText(/a test of drift/).waitFor();
  await inEveryLook(t, node, '/config?only=changed', 'config', (one) => region(one, 'Where live changes and files disagree').getByText('0 0 1 3 *').first().waitFor());
  await asha.does('Let the files count');
  await asha.toast('nap goes by the files again.');
  await drift.getByText(/^\s*Nowhere/).waitFor();
  await asha.page.getByRole('button', { name: 'Undo' }).click();
  await drift.getByText('0 0 1 3 *').first().waitFor();
});

test('files are read anew, and what came of it is told: all, or every mistake', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/config' });
  await asha.heading('Settings').waitFor();
  node.settings.log = { level: 'debug' };
  node.settings.history = { keep: 'forever and a day' };
  node.writeSettings();
  await asha.page.getByRole('button', { name: 'Read the files anew' }).click();
  const dialog = asha.page.getByRole('dialog');
  await dialog.getByLabel('Why').fill(reason);
  await dialog.getByRole('button', { name: 'Read them' }).click();
  await dialog.getByText(/history/).first().waitFor();
  asha.overlooks(/40\d|42\d/);
  delete node.settings.history;
  node.settings.scheduler = { look_for_lost: '200 ms' };
  node.writeSettings();
  await dialog.getByRole('button', { name: 'Read them' }).click();
  await asha.page.getByRole('dialog', { name: 'Read anew' }).getByText(/look_for_lost|log.level/).first().waitFor();
  await asha.findsNoBarriers('reloaded');
});

test('the kill switch is turned on in two steps, stands on every page, and is turned off', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/clients' });
  await asha.page.keyboard.press('Control+k');
  await asha.page.getByRole('combobox', { name: 'A job, a page, something to do' }).fill('killswitch');
  await asha.page.keyboard.press('Enter');
  const dialog = asha.page.getByRole('dialog', { name: /Kill switch|Let nothing start/ });
  await dialog.getByText(/Not one execution starts/).waitFor();
  await asha.findsNoBarriers('kill switch');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByLabel('Why').fill('a storm');
  await dialog.getByRole('button', { name: 'Let nothing start' }).click();
  const banner = region(asha, 'The kill switch is on');
  await banner.waitFor();
  await asha.goes('/config');
  await banner.waitFor();
  await inEveryLook(t, node, '/nodes', 'kill', (one) => one.sees(/a storm/));

  const bo = await Operator.comes(t, node, { token: viewer, path: '/nodes' });
  await bo.sees(/a storm/);
  await bo.page.getByRole('button', { name: 'Turn it off' }).click({ force: true });
  await bo.toast(/It takes the right “kill”/);

  await asha.page.getByRole('button', { name: 'Turn it off' }).first().click();
  await asha.page.getByRole('dialog').getByLabel('Why').fill(reason);
  await asha.page.getByRole('dialog').getByRole('button', { name: 'Turn it off' }).click();
  await asha.toast(/The kill switch is off/);
  await banner.waitFor({ state: 'detached' });
  assert.equal((await asks('GET', '/kill-switch')).on, false);
});

test('a viewer sees why not', async (t) => {
  const bo = await Operator.comes(t, node, { token: viewer, path: '/config' });
  await bo.sees(/The settings in force are not shown\. It takes the right “settings”/);
  await bo.page.getByRole('button', { name: 'Read the files anew' }).click({ force: true });
  await bo.toast(/It takes the right “reload”/);
  await bo.page.getByRole('button', { name: /: account$/ }).click();
  await bo.page.getByText('What you may do').click();
  await bo.sees(/^look\. You come from/);
  await bo.findsNoBarriers('viewer');
  await bo.page.getByRole('navigation', { name: 'Pages' }).getByText(/^Clients: It takes the right “clients”/).waitFor({ state: 'attached' });
});
