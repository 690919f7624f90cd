// Festivals as an editor works on them: the line of the year, the form that is judged as it is typed, how it will look,
// and what is done and taken back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { draft, raise } from '../api/support/stage.mjs';
import { inEveryLook, Operator, reason } from './support/operator.mjs';

leavesNothingOpen();
const { node } = await raise();

async function asks(method, path, body, more = {}) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/json', ...more }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? null : answer.json();
}
const made = (more = {}) => asks('POST', '/festivals?reason=calendar', { ...draft, ...more });
const kept = (id) => asks('GET', `/festivals/${id}`);
const field = (asha, label) => asha.page.getByLabel(label, { exact: true });

test('festivals stand on the line of the year, and by how they stand', async (t) => {
  const now = Date.now(), day = 86_400_000, at = (days) => new Date(now + days * day).toISOString();
  await made({ name: 'Running now', startsAt: at(-1), endsAt: at(2) });
  await made({ name: 'Soon', country: 'GLOBAL', startsAt: at(20), endsAt: at(25) });
  await inEveryLook(t, node, '/festivals', 'festivals', async (asha) => {
    await asha.page.getByRole('region', { name: /^Running/ }).getByRole('link', { name: 'Running now' }).waitFor();
    await asha.page.getByRole('link', { name: 'Soon, GLOBAL, comes' }).waitFor();
  });
  const asha = await Operator.comes(t, node, { path: '/festivals?country=NP' });
  await asha.page.getByRole('region', { name: /^Running/ }).getByRole('link', { name: 'Running now' }).waitFor();
  await asha.page.getByRole('link', { name: 'Soon' }).first().waitFor({ state: 'detached' });
  await asha.page.getByLabel('Country').fill('AQ');
  await asha.sees(/^No festival of AQ/);
});

test('one is made with every mistake told at its field, and that is taken back', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/festivals/new' });
  await field(asha, 'Name').fill('Tihar');
  await field(asha, 'Country').fill('np');
  await asha.sees('Nepal');
  await field(asha, 'Starts').fill('2030-11-25T00:00');
  await field(asha, 'Its last instant').fill('2030-11-29T23:59:59.999');
  await asha.sees('2030-11-25 03:15 Asia/Tokyo');
  const colours = asha.page.getByRole('group', { name: 'Colours', exact: true });
  await colours.getByLabel('primary', { exact: true }).fill('red');
  await colours.getByText(/'red' is no colour/).waitFor();
  await asha.page.getByText('More of the look, as JSON').waitFor();
  await field(asha, 'More of the look, as JSON').fill('{"logo": {"image": "javascript:x"}}');
  await asha.sees(/logo\.image: .* is no address/);
  await asha.sees('2 mistakes');
  await asha.page.getByRole('button', { name: 'Make it' }).click({ force: true });
  await asha.toast('2 mistakes are left.');
  await asha.findsNoBarriers('mistakes');
  await asha.picture('festival-mistakes');
  await colours.getByLabel('primary', { exact: true }).fill('#b3261e');
  await colours.getByText('white is filled in').waitFor();
  await field(asha, 'More of the look, as JSON').fill('{"elements": {"banner": {"text": "Happy Tihar!"}}}');
  await asha.sees('Nothing is wrong with it.');
  await asha.does('Make it');
  await asha.toast('Tihar is made.');
  await asha.heading('Tihar').waitFor();
  const id = new URL(asha.page.url()).pathname.split('/').at(-1);
  const one = await kept(id);
  assert.equal(one.startsAt, '2030-11-24T18:15:00Z');
  assert.equal(one.theme.colors.primary, '#b3261e');
  await asha.page.getByRole('button', { name: 'Undo' }).click();
  await asha.toast('Taken back.');
  await assert.rejects(kept(id), /404/);
  assert.equal(new URL(asha.page.url()).pathname, '/festivals');
});

test('what a country would wear is dressed in the sheet that the server renders', async (t) => {
  const { id } = await made({ theme: { name: 'tihar', colors: { primary: '#b3261e', background: '#fffaf0' }, dark: { background: '#1a0f0a' }, images: { background: '/festivals/sky.webp' }, elements: { banner: { text: 'Happy Tihar!' } } } });
  await inEveryLook(t, node, `/festivals/${id}`, 'festival', async (asha) => {
    await asha.page.locator('.stage[data-scheme="dark"]').getByText('Happy Tihar!').waitFor();
    await asha.page.getByRole('region', { name: 'Who changed it' }).getByText('made').waitFor();
  });
  const asha = await Operator.comes(t, node, { path: `/festivals/${id}` });
  const painted = (scheme, part) => asha.page.locator(`.stage[data-scheme="${scheme}"] ${part}`).evaluate((one) => getComputedStyle(one).backgroundColor);
  await asha.page.locator('.stage[data-scheme="dark"] .page').waitFor();
  assert.equal(await painted('light', '.page'), 'rgb(255, 250, 240)');
  assert.equal(await painted('dark', '.page'), 'rgb(26, 15, 10)');
  assert.equal(await painted('dark', '.main'), 'rgb(179, 38, 30)');
  await asha.page.getByLabel('In another country').fill('DE');
  await asha.page.getByRole('heading', { name: 'What DE would wear' }).waitFor();
  await asha.sees('Germany');
});

test('what is written is seen dressed before it is saved, and what is not changed asks for nothing', async (t) => {
  const { id } = await made({ theme: { name: 'tihar', colors: { primary: '#b3261e' } } });
  const asha = await Operator.comes(t, node, { path: `/festivals/${id}` });
  const asked = [];
  asha.page.on('request', (request) => { if (/festivals\/preview/.test(request.url())) asked.push(request.url()); });
  const wears = (colour) => comesTrue(async () => await asha.page.locator('.stage[data-scheme="light"] .main').evaluate((one) => getComputedStyle(one).backgroundColor) === colour, `it wears ${colour}`);
  await wears('rgb(179, 38, 30)');
  const primary = asha.page.getByRole('group', { name: 'Colours', exact: true }).getByLabel('primary', { exact: true });
  assert.deepEqual(asked, []);
  await primary.fill('red');
  await asha.sees('As it is kept: what is written has mistakes.');
  await primary.fill('#0b57d0');
  await asha.sees('As written, not saved.');
  await wears('rgb(11, 87, 208)');
  await primary.fill('blue');
  await asha.sees('As it was written last without a mistake, not saved.');
  await wears('rgb(11, 87, 208)');
  await asha.findsNoBarriers('a draft');
  await asha.page.getByLabel('In another country').fill('DE');
  await asha.page.getByRole('heading', { name: 'What DE would wear' }).waitFor();
  await asha.page.getByRole('button', { name: 'Undo what I typed' }).click();
  await asha.page.getByText('As it was written').waitFor({ state: 'detached' });
  assert.equal((await kept(id)).theme.colors.primary, '#b3261e');

  await asha.goes('/festivals/new');
  await asha.sees('Seen once nothing is wrong with what is written.');
  await field(asha, 'Name').fill('Tihar');
  await field(asha, 'Country').fill('NP');
  await field(asha, 'Starts').fill('2030-11-25T00:00');
  await field(asha, 'Its last instant').fill('2030-11-29T23:59:59.999');
  await primary.fill('#0b57d0');
  await asha.page.getByRole('heading', { name: 'What NP would wear' }).waitFor();
  await asha.sees('As written, not saved.');
  await wears('rgb(11, 87, 208)');
});

test('one is changed as somebody else changes it, and nothing is lost', async (t) => {
  const { id, revision } = await made({ name: 'Holi' });
  const asha = await Operator.comes(t, node, { path: `/festivals/${id}` });
  await asha.heading('Holi').waitFor();
  await field(asha, 'Name').fill('Holi of colours');
  // It hears of it by the answer to its Save, not by what it asks now and then.
  let saves;
  const saved = new Promise((done) => { saves = done; });
  await asha.page.route(new RegExp(`/festivals/${id}(\\?|$)`), async (route) => {
    if (route.request().method() === 'GET') await saved;
    else saves();
    await route.continue();
  });
  await asks('PUT', `/festivals/${id}?reason=more`, { ...draft, name: 'Holi', gifts: [], priority: 77 }, { 'If-Match': `"${revision}"` });
  await asha.sees('Nothing is wrong with it.');
  await asha.page.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = asha.page.getByRole('dialog');
  await dialog.getByText('Holi of colours').waitFor();
  await dialog.getByLabel('Why').fill(reason);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  asha.overlooks(/412/);
  await asha.toast('Nothing was saved: somebody saved it meanwhile.');
  await asha.sees('Somebody changed it meanwhile.');
  await asha.page.locator('.Meanwhile:focus').waitFor();
  await asha.findsNoBarriers('meanwhile');
  await asha.page.getByRole('button', { name: 'Keep mine on top of it' }).click();
  await asha.sees('Nothing is wrong with it.');
  await asha.does('Save');
  await asha.toast('Holi of colours is saved.');
  const edits = asha.page.getByRole('region', { name: 'Who changed it' });
  await edits.getByText(`— ${reason}`).first().waitFor();
  assert.deepEqual((({ name, priority }) => ({ name, priority }))(await kept(id)), { name: 'Holi of colours', priority: 77 });
  await asha.page.getByRole('button', { name: 'Undo' }).click();
  await asha.toast('Taken back.');
  assert.equal((await kept(id)).name, 'Holi');
});

test('one is started and ended before its time, each taken back, and taken away', async (t) => {
  const { id } = await made({ name: 'Lantern night' });
  const asha = await Operator.comes(t, node, { path: `/festivals/${id}` });
  await asha.heading('Lantern night').waitFor();
  await asha.does('Start now');
  await asha.toast('Lantern night runs.');
  await asha.page.getByText('runs', { exact: true }).waitFor();
  await asha.page.getByRole('button', { name: 'Take away' }).click({ force: true });
  await asha.toast(/end it first/);
  await asha.does('End now');
  await asha.toast('Lantern night is ended.');
  await asha.page.getByRole('button', { name: 'Undo' }).last().click();
  await asha.toast('Taken back.');
  assert.equal((await kept(id)).endsAt, draft.endsAt);
  asha.overlooks(/412/); // its flag may turn between the look and the change, which is then tried anew

  const other = await made({ name: 'Never again' });
  await asha.goes(`/festivals/${other.id}`);
  await asha.does('Take away');
  await asha.heading('Festivals').waitFor();
  await assert.rejects(kept(other.id), /404/);
  await asha.page.getByRole('button', { name: 'Undo' }).click();
  await asha.heading('Never again').waitFor();
});

test('who may not sees why', async (t) => {
  const { secret } = await asks('POST', '/tokens', { name: 'bo', role: 'viewer', reason });
  const bo = await Operator.comes(t, node, { token: secret, path: `/festivals/${(await made({ name: 'Seen' })).id}` });
  await bo.heading('Seen').waitFor();
  await bo.findsShut('Start now', 'festivals');
  await bo.sees('Who changed it');
  await bo.goes('/festivals/new');
  await bo.sees(/It takes the right “festivals”, which your viewer’s token does not have/);
  await bo.findsNoBarriers('viewer');
  const { secret: own } = await asks('POST', '/tokens', { name: 'cara', role: 'operator', rights: ['look', 'festivals'], reason });
  const cara = await Operator.comes(t, node, { token: own, path: `/festivals/${(await made()).id}` });
  await cara.sees(/It takes the right “audit”/);
});
