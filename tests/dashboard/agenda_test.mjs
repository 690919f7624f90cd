// The agenda: what is due within a day, and where much of it falls together.
import assert from 'node:assert/strict';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { raise } from '../api/support/stage.mjs';
import { inEveryLook, Operator } from './support/operator.mjs';

leavesNothingOpen();
const sleeps = 'kind = "command"\n[settings]\nargv = ["/usr/bin/sleep", "0"]\n';
const { node } = await raise({ jobs: { drum: `schedule = "* * * * *"\n${sleeps}`, feast: `schedule = "0 */6 * * *"\n${sleeps}` } });

// A day as the API may tell it: a crowd at one instant, a time that the clocks leave out, what is paused, and what is due at every minute.
const minute = 60_000, quarter = 15 * minute, from = Math.floor(Date.now() / quarter) * quarter;
const at = (ms) => new Date(from + ms).toISOString();
const run = (job, ms, more = {}) => ({ job, at: at(ms), note: '', lost: false, paused: false, ...more });
const cells = Array.from({ length: 90 }, (_, which) => ({ at: at(which * quarter), due: 15, together: 1 }));
Object.assign(cells[20], { due: 18, together: 4 });
const crowded = 20 * quarter + 5 * minute;
const day = {
  from: at(0), to: at(96 * quarter), cell_ms: quarter, cells,
  items: [run('pay', crowded), run('rank', crowded), run('report', crowded, { paused: true }), run('bonus', 40 * quarter, { lost: true, note: 'the clocks leave it out' }), run('sweep', 90 * quarter)],
  often: [{ job: 'tick', runs: 1440, first: at(minute), last: at(96 * quarter - minute), paused: false }], left_off: 7, counted_until: at(95 * quarter),
};
// A part of it is asked for by its ends, and has each run of its own.
const tells = (operator, agenda) => operator.page.route('**/api/v1/overview/agenda*', (route) => {
  const asked = new URL(route.request().url()).searchParams, [from, to] = ['from', 'to'].map((end) => asked.get(end));
  const whole = Date.parse(to) - Date.parse(from) === 96 * quarter;
  return route.fulfill({ json: whole ? agenda : { ...agenda, from, to, often: [], left_off: 0, items: agenda.items.filter((one) => one.at >= from && one.at < to) } });
});
async function opens(t, agenda, path = '') {
  const asha = await Operator.comes(t, node, { path: '/approvals' });
  await tells(asha, agenda);
  await asha.goes(`/timeline/agenda${path}`);
  await asha.heading('The next 24 h').waitFor();
  return asha;
}

test('each run stands in its hour, with what the clocks and pauses do to it', async (t) => {
  const asha = await opens(t, day);
  const row = (job) => asha.page.getByRole('listitem').filter({ hasText: job });
  await row('tick').getByText('1,440 times').waitFor();
  await row('report').getByText('paused: refused').waitFor();
  await row('bonus').getByText('not due').waitFor();
  await row('bonus').getByText('the clocks leave it out').waitFor();
  await asha.sees(/^7 more are counted/);
  await asha.sees(/^More is due than can be counted: from .* on bars leave some of it out/);
  assert.equal(await row('pay').getByRole('link').getAttribute('href'), '/jobs/pay');
});

test('where jobs fall together is said, and a bar leads to what is due in it', async (t) => {
  const asha = await opens(t, day);
  const strip = asha.page.getByRole('group', { name: /^1,353 due in the 24 h from .* on; at most 4 at one instant/ });
  await strip.getByRole('link', { name: /: 18 due, 4 at one instant$/ }).click();
  await asha.page.getByRole('link', { name: 'sweep' }).waitFor({ state: 'detached' });
  await asha.page.getByRole('link', { name: 'rank' }).waitFor();
  assert.equal(new URL(asha.page.url()).searchParams.get('since'), at(20 * quarter));
  await asha.page.reload();
  await asha.page.getByRole('link', { name: 'pay' }).waitFor();
  await asha.page.getByRole('link', { name: 'Later' }).click();
  await asha.sees('Nothing is due in this part of it.');
  await asha.page.getByRole('link', { name: 'All of it' }).click();
  await asha.page.getByRole('link', { name: 'sweep' }).waitFor();
});

test('a day without anything says so', async (t) => {
  const asha = await opens(t, { ...day, cells: [], items: [], often: [], left_off: 0, counted_until: null });
  await asha.sees('Nothing is due within 24 h');
});

test('where it could not be loaded it is asked for again', async (t) => {
  const asha = await Operator.comes(t, node, { path: '/approvals' });
  let gone = true;
  await asha.page.route('**/api/v1/overview/agenda*', (route) => (gone ? route.abort() : route.fulfill({ json: day })));
  await asha.goes('/timeline/agenda');
  await asha.sees('The agenda could not be loaded: nobody answered');
  gone = false;
  await asha.page.getByRole('button', { name: 'Try again' }).click();
  await asha.page.getByRole('link', { name: 'sweep' }).waitFor();
  asha.overlooks(/ERR_FAILED|Failed to load resource/);
});

test('the next 24 h are those of the jobs', async (t) => {
  const asha = await Operator.comes(t, node);
  await asha.page.getByRole('link', { name: 'The next 24 h' }).click();
  await asha.page.getByRole('listitem').filter({ hasText: /^feastin \d+ (h|min)/ }).first().waitFor();
  await asha.page.getByRole('listitem').filter({ hasText: 'drum' }).getByText('1,440 times').waitFor();
});

test('it is readable in every look', async (t) => {
  await inEveryLook(t, node, '/approvals', 'agenda', async (asha) => {
    await tells(asha, day);
    await asha.goes('/timeline/agenda');
    await asha.page.getByRole('link', { name: 'sweep' }).waitFor();
  });
});
