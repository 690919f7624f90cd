// The past: narrowed by one box, searched, counted, exported, weighed; and 10,000 rows of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { raise } from '../api/support/stage.mjs';
import { inEveryLook, Operator } from './support/operator.mjs';
import { fill, frames, told } from './support/past.mjs';

leavesNothingOpen();
const { node, database } = await raise();
await fill(database, { count: 10_500, minutes: 3 * 1440 });

const box = (operator) => operator.page.getByRole('combobox', { name: 'What is looked for' });
const list = (operator) => operator.page.getByRole('table', { name: 'Slots' });
const said = (operator, name, value) => operator.page.waitForFunction(([n, v]) => new URLSearchParams(location.search).get(n) === v, [name, value]);

test('one box narrows it, with what may be meant, and the address keeps it', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/history' });
  await asha.is('live');
  await asha.sees('10,000+ slots');
  await box(asha).pressSequentially('job:na');
  await asha.page.getByRole('option', { name: 'job:nap' }).waitFor();
  await asha.page.keyboard.press('ArrowDown');
  await asha.page.keyboard.press('Enter');
  await said(asha, 'job', 'nap');
  await box(asha).pressSequentially('end:failed since:24h');
  await asha.page.keyboard.press('Enter');
  await said(asha, 'end', 'failed');
  await asha.sees(/^17\d slots$/);
  await list(asha).getByText('the bank is shut').first().waitFor();
  await comesTrue(async () => (await list(asha).getByText('completed', { exact: true }).count()) === 0, 'those that failed alone');
  await asha.page.reload();
  await asha.sees(/^17\d slots$/);
  assert.equal(await box(asha).inputValue(), 'job:nap end:failed since:24h');
  await asha.page.getByRole('button', { name: 'Failed', pressed: true }).click();
  await asha.page.waitForFunction(() => !new URLSearchParams(location.search).has('end'));
  await asha.sees(/^3,\d{3} slots$/);
});

test('a mistake is told, and nothing that is nowhere is a failure', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/history?end=fialed' });
  await asha.sees(/It was not narrowed by this — end: one of completed/);
  await asha.goes('/history?job=nobody');
  await asha.sees('No slot is like that');
  await asha.sees('0 slots');
});

test('nothing is done with a filter that has a mistake', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/history?end=banana&job=nap&since=24h' });
  const asked = [];
  asha.page.on('request', (request) => { if (request.method() === 'POST' || /export/.test(request.url())) asked.push(request.url()); });
  await list(asha).getByRole('row').nth(1).getByLabel('Pick it').check();
  for (const name of ['All that match', 'Work anew', 'Cancel', 'Export CSV', 'JSON lines']) {
    const button = asha.page.getByRole('button', { name, exact: true });
    assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
    assert.match(await button.getAttribute('title'), /Mend what is a mistake/);
    await button.click({ force: true });
  }
  assert.equal(await asha.page.getByRole('dialog').count(), 0);
  assert.deepEqual(asked, []);
  await box(asha).fill('endd:failed longer:5');
  await asha.page.keyboard.press('Enter');
  await asha.sees(/there is no endd:; end: is meant\?/);
  await asha.sees(/longer: 5 of what\? 5s is meant\?/);
  await asha.findsNoBarriers('mistakes');
});

test('words are found in reasons, and stand out', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/history?q=bank+code+3' });
  const found = asha.page.getByRole('table', { name: 'What was found' });
  await found.locator('mark', { hasText: 'bank' }).first().waitFor();
  assert.match(await found.getByRole('row').nth(1).innerText(), /code 3/);
  await asha.page.getByRole('button', { name: 'Logs' }).click();
  await said(asha, 'in', 'logs');
  await asha.sees('These words are nowhere there');
});

test('what is shown is exported whole, page after page', async (t) => {
  const narrowed = `job=nap&end=completed&since=${new Date(Date.now() - 86_400_000).toISOString()}`;
  const { count } = await (await fetch(`${node.root}/history/count?${narrowed}`, { headers: { Authorization: `Bearer ${node.token}` } })).json();
  assert.ok(count > 2000, `${count} slots`);
  const asha = await Operator.comes(t, node, { path: `/history?${narrowed}` });
  await asha.is('live');
  const lines = async (button) => {
    const { name, text } = await asha.saves(button);
    return [name, text.trimEnd().split(/\r?\n/)];
  };
  const [csvName, csv] = await lines('Export CSV');
  assert.equal(csvName, 'history-nap-completed.csv');
  assert.equal(csv.length, count + 1);
  assert.equal(csv.filter((line) => line === csv[0]).length, 1);
  const [, json] = await lines('JSON lines');
  assert.equal(json.length, count);
  assert.ok(json.every((line) => JSON.parse(line).job === 'nap'));
});

test('what is found by words is exported, and nothing else', async (t) => {
  const hits = await (await fetch(`${node.root}/history/search?words=bank+code+3&job=nap&limit=500`, { headers: { Authorization: `Bearer ${node.token}` } })).json();
  const asha = await Operator.comes(t, node, { path: '/history?job=nap&q=bank+code+3' });
  await asha.page.locator('mark', { hasText: 'bank' }).first().waitFor();
  const csv = (await asha.saves('Export CSV')).text.trimEnd().split('\r\n');
  assert.equal(csv[0], 'slot,job,scheduled_for,execution,outcome,excerpt');
  assert.equal(csv.length, hits.items.length + 1);
  assert.ok(csv.slice(1).every((line) => /,nap,.*code 3/.test(line)));
  const lines = (await asha.saves('JSON lines')).text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines, hits.items);
});

test('10,000 rows are scrolled through without a stutter', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/history?job=nap' });
  await asha.is('live');
  await list(asha).getByRole('row').nth(5).waitFor();
  const shown = await frames(asha.page, `async () => {
    const rows = () => Number(document.querySelector('[role="table"] .body')?.style.height.replace('px', '')) / 48;
    for (let i = 0; i < 2000 && rows() < 10000; ++i) { scrollTo(0, document.documentElement.scrollHeight); await new Promise(requestAnimationFrame); }
    window.rowsThere = rows();
    for (let i = 0; i <= 100; ++i) { scrollTo(0, (document.documentElement.scrollHeight / 100) * (100 - i)); await new Promise(requestAnimationFrame); }
  }`);
  assert.ok((await asha.page.evaluate('window.rowsThere')) >= 10_000);
  assert.ok((await list(asha).getByRole('row').count()) < 80);
  console.log(`# frames of 10,000 rows: ${told(shown)}`);
  assert.ok(shown.each < 50, told(shown));
});

test('trends show how long jobs take, by days', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/history/trends' });
  await asha.page.getByRole('row', { name: /^nap 10,500 5/ }).waitFor();
  await asha.page.getByLabel('Job', { exact: true }).selectOption('nap');
  await said(asha, 'job', 'nap');
  await asha.page.getByRole('img', { name: /^How long it took, by day: of all, half below 6/ }).waitFor();
  await asha.page.getByRole('button', { name: 'by week' }).click();
  await asha.page.getByRole('img', { name: /^How late it began, by week/ }).waitFor();
});

test('they are readable in every look', async (t) => {
  await inEveryLook(t, node, '/history?job=nap', 'history', async (asha) => {
    await asha.is('live');
    await list(asha).getByRole('row').nth(5).waitFor();
    await asha.sees('10,000+ slots');
  });
});
test('what was found, and trends, are', async (t) => {
  await inEveryLook(t, node, '/history?q=bank', 'history-words', (asha) => asha.page.locator('mark').first().waitFor());
  await inEveryLook(t, node, '/history/trends?job=nap&days=7', 'history-trends', async (asha) => {
    await asha.page.getByRole('img', { name: /^How late it began/ }).waitFor();
    await asha.page.getByText('As a table').click();
  });
});

test('all that failed are worked anew at once, and each says what became of it', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/history?job=nap&end=failed&since=24h' });
  await asha.sees(/^17\d slots$/);
  await list(asha).getByRole('row').nth(1).getByLabel('Pick it').check();
  await asha.findsNoBarriers('what is picked');
  await asha.page.getByRole('button', { name: 'All that match' }).click();
  const size = () => asha.page.getByRole('group', { name: 'What is picked' }).locator('strong').innerText();
  await asha.page.getByRole('group', { name: 'What is picked' }).getByText(/^17\d$/).waitFor();
  const picked = await size();
  const anew = async () => {
    await asha.page.getByRole('button', { name: 'Work anew', exact: true }).click();
    if (picked === (await size())) await asha.sees(/^All 17\d of job:nap end:failed since:\d{4}-\d\d-\d\dT[\d:.]+Z\./); // as it is sent
    await asha.page.getByRole('dialog').getByLabel('Why').fill('the bank is open');
    await asha.page.getByRole('dialog').getByRole('button', { name: /^Work anew \d+$/ }).click();
  };
  // Its answer is held back, as if it were still worked.
  let release;
  const held = new Promise((done) => { release = done; });
  await asha.page.route('**/api/v1/slots/retry', async (route) => {
    const answer = await route.fetch();
    await held;
    await route.fulfill({ response: answer });
  }, { times: 1 });
  await anew();
  await asha.page.getByRole('progressbar', { name: `${picked} done, of ${picked}` }).waitFor();
  await asha.findsNoBarriers('how far it is');
  release();
  await asha.page.getByRole('dialog', { name: `${picked} done` }).getByText('worked anew', { exact: true }).first().waitFor();
  await asha.findsNoBarriers('what became of each');
  await asha.page.keyboard.press('Escape');
  await list(asha).getByRole('row').nth(1).getByLabel('Pick it').check();
  await anew();
  await asha.page.getByRole('dialog', { name: '0 done, 1 refused' }).getByText(/it was worked anew as slot \d+/).waitFor();
  await asha.goes('/history?job=nap&state=waiting');
  await list(asha).getByRole('row').nth(3).waitFor();
  await asha.page.getByLabel('Pick all that are loaded').check();
  await asha.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await asha.page.getByRole('dialog').getByLabel('Why').fill('not yet');
  await asha.page.getByRole('dialog').getByRole('button', { name: /^Cancel \d+$/ }).click();
  await asha.page.getByRole('dialog', { name: / done/ }).getByText('cancelled').first().waitFor();
});
