// Every action for every role: its button is open exactly where the API would do it, says why where it is not, and what is
// sent all the same is refused. Which actions there are is read from the sources; one that the walk misses fails it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { draft } from '../api/support/stage.mjs';
import { buttons, gates, sent } from './support/actions.mjs';
import { Stage } from './support/jobs.mjs';
import { Operator, reason } from './support/operator.mjs';

leavesNothingOpen();
const stage = await Stage.make();
const { node } = stage;
const asks = (...order) => stage.asks(...order);

// ---------------------------------------------------------------- something of everything that can be acted on

const lost = await stage.works('nap', 'running');
await node.kill();
await node.start();
await stage.comes(lost.id, 'unknown');
const running = await stage.works('nap', 'running'), ended = await stage.works('talk', 'completed');
await stage.works('flop', 'failed'); // what can be worked anew
const leap = { from: '2024-01-01T00:00:00Z', to: '2024-12-31T00:00:00Z' };
const { plan_hash } = await asks('POST', '/jobs/nap/backfills/plan', leap);
const backfill = await asks('POST', '/jobs/nap/backfills', { ...leap, plan_hash, reason });
await asks('PUT', '/jobs/flop/priority', { priority: 7, reason });
for (const schedule of ['0 4 29 2 *', '0 5 29 2 *']) {
  const given = await fetch(`${node.root}/jobs/flop/schedule`, { method: 'PUT', headers: { Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/json', 'If-Match': '*' }, body: JSON.stringify({ schedule, reason }) });
  assert.equal(given.status, 200);
}
await asks('POST', '/jobs/flop/pause', { reason });
await asks('POST', '/jobs/flop/disable', { reason });
await comesTrue(async () => !(await asks('GET', '/jobs/flop')).enabled, 'flop is off');
const approval = await asks('POST', '/jobs/wallet/run', { reason });
const silence = await asks('POST', '/silences', { matchers: ['job=nap'], lasts_ms: 3_600_000, reason });
const hour = 3_600_000, at = (hours) => new Date(Date.now() + hours * hour).toISOString();
const coming = await asks('POST', '/festivals?reason=a', { ...draft, name: 'Coming' });
const present = await asks('POST', '/festivals?reason=a', { ...draft, name: 'Present', country: 'AQ', startsAt: at(-1), endsAt: at(48) });
const gone = (await asks('GET', '/nodes')).items.at(-1); // the killed one's row: it drains, the one that works does not
await asks('POST', `/nodes/${gone.id}/drain`, { reason });
const spare = await stage.token('viewer', { name: 'spare' });

// ---------------------------------------------------------------- who, and what the API says that they may

const held = Object.fromEntries((await asks('GET', '/roles')).items.map(({ role, rights }) => [role, rights]));
const people = [
  { name: 'a viewer', role: 'viewer', jobs: [] }, { name: 'an operator', role: 'operator', jobs: [] },
  { name: 'an admin of one job', role: 'admin', jobs: ['talk'] }, { name: 'an admin', role: 'admin', jobs: [] },
];
const { paths } = await (await fetch(`${node.root}/openapi.json`)).json();
function rightOf(change) {
  // What another asked for is turned down by who could have approved it; one's own by anybody.
  if (change === 'POST /approvals/{approval}/refuse') return 'approve';
  const [method, path] = change.split(' ');
  return paths[path][method.toLowerCase()]['x-right'];
}
const mayAt = ({ role, jobs }, right, job) => held[role].includes(right) && (right === 'look' || !jobs.length || jobs.includes(job));
const denial = /^It takes the right “\w+”, which your \w+’s token does not have\.$|^It concerns all jobs, and your token is for some alone\.$|^Your token is not for \S+\.$/;

// ---------------------------------------------------------------- the walk

const of = (file, ...changes) => changes.map((one) => `${file}.tsx: ${one}`);
const job = of('pages/jobs/JobActions', 'POST /jobs/{job}/run', 'POST /jobs/{job}/pause', 'PUT /jobs/{job}/priority', 'POST /jobs/{job}/disable');
const off = [...of('pages/jobs/JobActions', 'POST /jobs/{job}/enable', 'DELETE /jobs/{job}/schedule'), ...of('pages/jobs/ResumeAction', 'POST /jobs/{job}/resume')];
// What fills a form in, so that nothing but a right holds its button back.
const types = (fields) => async ({ page }) => { for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text); };
const picks = async ({ page }) => {
  await page.getByLabel('Pick it').first().waitFor();
  await page.getByLabel('Pick all that are loaded').click();
};
// `buttons` and `gates` are there; `whole`: the right without which nothing of the page is.
const stops = [
  { path: '/jobs', buttons: of('pages/jobs/JobsPicked', 'POST /jobs/pause', 'POST /jobs/resume'), then: picks },
  { path: '/history', buttons: of('pages/history/SlotsPicked', 'POST /slots/cancel', 'POST /slots/retry'), then: picks },
  { path: '/jobs/nap', buttons: [...job, ...of('pages/jobs/ScheduleAction', 'PUT /jobs/{job}/schedule'), ...of('pages/jobs/BackfillAction', 'POST /jobs/{job}/backfills')] },
  { path: '/jobs/talk', buttons: job },
  { path: `/jobs/nap?backfill=${encodeURIComponent(backfill.key)}`, buttons: of('pages/jobs/BackfillProgress', 'POST /backfills/{backfill}/stop') },
  { path: '/jobs/flop?tab=changes', buttons: [...off, ...of('pages/jobs/JobChanges', 'POST /jobs/{job}/undo', 'PUT /jobs/{job}/schedule')] },
  { path: `/slots/${lost.id}`, buttons: of('pages/executions/SlotActions', 'POST /slots/{slot}/decide') },
  { path: `/slots/${running.id}`, buttons: of('pages/executions/SlotActions', 'POST /slots/{slot}/cancel') },
  { path: `/slots/${ended.id}`, buttons: of('pages/executions/SlotActions', 'POST /jobs/{job}/run') },
  { path: `/approvals?id=${approval.id}`, buttons: of('pages/approvals/OneApproval', 'POST /approvals/{approval}/approve', 'POST /approvals/{approval}/refuse') },
  { path: '/alerts/silences', buttons: [...of('pages/alerts/MakeSilence', 'POST /silences'), ...of('pages/alerts/Silences', 'DELETE /silences/{silence}')] },
  { path: '/alerts/rules', buttons: of('pages/alerts/Notifiers', 'POST /alert-test'), gates: ['pages/alerts/Notifiers.tsx: settings'] },
  { path: `/festivals/${coming.id}`, buttons: [...of('pages/festivals/Acts', 'POST /festivals/{festival}/activate', 'DELETE /festivals/{festival}'), ...of('pages/festivals/Save', 'PUT /festivals/{festival}')],
    then: types({ Name: 'Coming soon' }), gates: ['pages/festivals/Edits.tsx: audit'] },
  { path: `/festivals/${present.id}`, buttons: of('pages/festivals/Acts', 'POST /festivals/{festival}/end') },
  { path: '/festivals/new', whole: 'festivals', buttons: of('pages/festivals/Save', 'POST /festivals'),
    then: types({ Name: 'Another', Country: 'NP', Starts: '2031-11-25T00:00', 'Its last instant': '2031-11-29T23:59:59.999' }) },
  { path: '/clients', query: '?user=user%3A17', whole: 'clients', buttons: of('pages/clients/Disconnect', 'POST /clients/disconnect') },
  { path: '/tokens', whole: 'tokens', buttons: [...of('pages/tokens/MakeToken', 'POST /tokens'), ...of('pages/tokens/TokenRow', 'POST /tokens/{token}/rotate', 'DELETE /tokens/{token}')] },
  { path: '/audit', whole: 'audit' },
  { path: '/audit/auditor', whole: 'audit' },
  { path: '/nodes', buttons: [...of('lib/ui/Reload', 'POST /config/reload'), ...of('pages/nodes/Drain', 'POST /nodes/{node}/drain', 'DELETE /nodes/{node}/drain')], gates: ['pages/nodes/Nodes.tsx: settings', 'pages/nodes/Doctor.tsx: settings'] },
  // Whoever may not see the settings sees nothing of what differs from the files.
  { path: '/config', part: 'settings', buttons: of('pages/config/DriftRow', 'DELETE /jobs/{job}/schedule'), gates: ['pages/config/Config.tsx: settings'] },
];
// What is walked by hand, below.
const byHand = [...of('shell/KillSwitch', 'PUT /kill-switch', 'DELETE /kill-switch'), 'pages/jobs/JobSettings.tsx: tokens',
  // Within the dialog of resuming: what was missed is shown to whoever may bring it.
  'pages/jobs/ResumeAction.tsx: POST /jobs/{job}/backfills'];
const changeOf = (place) => place.slice(place.indexOf(': ') + 2);

test('the walk comes by everything that the sources know', () => {
  const walked = stops.flatMap(({ path, whole, buttons: some = [], gates: others = [] }) => [...some, ...others, ...(whole ? [`${path}: ${whole}`] : [])]);
  assert.deepEqual([...new Set([...walked, ...byHand])].sort(), [...buttons(), ...gates()].sort());
});

// Whether each of these changes has a button that can be pressed, or that denies it.
const stands = (page, changes) => page.evaluate(([those, denies]) => those.every((change) => [...document.querySelectorAll(`[data-change="${change}"] button`)]
  .some((button) => button.ariaDisabled !== 'true' || new RegExp(denies).test(button.title))), [changes, denial.source]);
// Every button of an Action in the page, whether it is shut and why; and whether pressing it opens its dialog.
const pressed = (page) => page.evaluate(async () => {
  const told = [];
  for (const one of document.querySelectorAll('[data-change]')) {
    const button = one.querySelector('button');
    const shut = button.ariaDisabled === 'true';
    button.click();
    for (let frame = 0; frame < (shut ? 2 : 120) && !document.querySelector('dialog[open]'); ++frame) await new Promise(requestAnimationFrame);
    const dialog = document.querySelector('dialog[open]');
    told.push({ change: one.dataset.change, job: one.dataset.job, shut, why: button.title, opens: Boolean(dialog) });
    dialog?.close();
    while (document.querySelector('dialog .inside')) await new Promise(requestAnimationFrame);
  }
  return told;
});

// Within the page that is loaded, by way of one that holds nothing.
async function walksTo({ page }, path) {
  const hop = (to) => page.evaluate((where) => { history.pushState(null, '', where); dispatchEvent(new PopStateEvent('popstate')); }, to);
  await hop('/nowhere');
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  await hop(path);
}

async function looks(operator, person, { path, query = '', whole, part, buttons: some = [], gates: others = [], then }) {
  const where = `${person.name} at ${path}`, main = operator.page.locator('main');
  await walksTo(operator, path + query);
  if (whole && !mayAt(person, whole)) {
    await main.getByText(denial).first().waitFor();
    return assert.equal(await operator.page.locator('[data-change]').count(), 0, where);
  }
  for (const right of new Set(others.map(changeOf))) {
    if (!mayAt(person, right)) await main.getByText(held[person.role].includes(right) ? /It concerns all jobs/ : new RegExp(`It takes the right “${right}”`)).first().waitFor();
  }
  if (part && !mayAt(person, part)) return;
  await then?.(operator);
  for (const change of some.map(changeOf)) await operator.page.locator(`[data-change="${change}"]`).first().waitFor({ state: 'attached' });
  // What is said of a right is there at once; what else holds a button back may take a moment: a draft is judged.
  await comesTrue(() => stands(operator.page, some.map(changeOf)), `${where}: what is listed can be done, or is denied`, 20_000);
  for (const { change, job: about, shut, why, opens } of await pressed(operator.page)) {
    const may = mayAt(person, rightOf(change), about ?? (change.startsWith('POST /approvals') ? 'wallet' : undefined));
    assert.equal(denial.test(why), !may, `${where}: ${change} of ${about}: ${why || 'open'}`);
    assert.equal(opens, !shut, `${where}: ${change}`);
    if (!may && !held[person.role].includes(rightOf(change))) assert.match(why, new RegExp(`right “${rightOf(change)}”`), where);
  }
}

async function looksByHand(operator, person) {
  await walksTo(operator, '/jobs/talk?tab=settings');
  const rows = operator.page.getByRole('region', { name: 'Who may act on it' });
  const may = mayAt(person, 'decide', 'talk');
  await rows.getByRole('row', { name: /^Decide/ }).getByText(may ? 'may' : /takes the right “decide”/, { exact: may }).waitFor();
  assert.equal(await rows.getByText('Tokens that may').count(), mayAt(person, 'tokens') ? 1 : 0);
  const kills = mayAt(person, 'kill');
  await walksTo(operator, '/'); // which hears of the switch at once
  await operator.is('live');
  await operator.page.getByRole('button', { name: /: account$/ }).click();
  await operator.page.getByRole('button', { name: /^Kill switch/ }).click();
  await operator.page.getByRole('dialog').getByText(kills ? /Not one execution starts/ : denial).waitFor();
  assert.equal(await operator.page.getByRole('dialog').getByRole('button', { name: 'Go on' }).count(), kills ? 1 : 0);
  await operator.page.getByRole('button', { name: 'Leave it' }).last().click();
  await asks('PUT', '/kill-switch', { reason });
  const off = operator.page.getByRole('region', { name: 'The kill switch is on' }).getByRole('button', { name: 'Turn it off' });
  await off.waitFor();
  assert.equal(await off.getAttribute('aria-disabled'), kills ? null : 'true');
  if (!kills) assert.match(await off.getAttribute('title'), denial);
  await asks('DELETE', `/kill-switch?reason=over`);
  await off.waitFor({ state: 'detached' });
}

// Sent by the page's own session, as a script that opens every button would.
async function isRefused(operator, person) {
  const ids = { job: 'nap', slot: running.id, backfill: backfill.key, approval: approval.id, festival: coming.id, token: spare.id, silence: silence.id, node: gone.id };
  // Many at once: whoever may do it to one of them is told of each by itself.
  const many = /^POST \/(jobs|slots)\/\w+$/;
  const jobOf = (change) => (change.includes('{approval}') ? 'wallet' : many.test(change) ? person.jobs[0] : /\{(job|slot|backfill)\}/.test(change) ? 'nap' : undefined);
  const forbidden = sent().filter((change) => rightOf(change) && !mayAt(person, rightOf(change), jobOf(change)));
  const answers = await operator.page.evaluate(async ([changes, values]) => {
    const csrf = /hotclock-csrf=([^;]*)/.exec(document.cookie)[1], told = {};
    for (const change of changes) {
      const [method, path] = change.split(' '), headers = { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json', 'If-Match': '*' };
      const query = method === 'DELETE' || path.startsWith('/festivals') ? '?reason=a' : '';
      const answer = await fetch(`/api/v1${path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]))}${query}`, { method, headers, body: method === 'DELETE' ? null : '{"reason": "a"}' });
      told[change] = `${answer.status} ${(await answer.json()).code}`;
    }
    return told;
  }, [forbidden, ids]);
  assert.deepEqual(answers, Object.fromEntries(forbidden.map((change) => [change, '403 forbidden'])), person.name);
  operator.overlooks(/403 \(Forbidden\)/);
  return forbidden.length;
}

for (const person of people) {
  test(`${person.name} can do what the API would do, and hears why not the rest`, async (t) => {
    const { secret } = await asks('POST', '/tokens', { name: person.name, role: person.role, jobs: person.jobs, reason });
    const operator = await Operator.comes(t, node, { token: secret });
    for (const stop of stops) await looks(operator, person, stop);
    await looksByHand(operator, person);
    operator.isContent();
    const refused = await isRefused(operator, person);
    assert.equal(refused === 0, person.role === 'admin' && person.jobs.length === 0);
  });
}
