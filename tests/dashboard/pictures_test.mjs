// The pictures of the README and of docs/dashboard.md: taken by a program that serves a platform at work, never by hand.
//   cmake --build --preset test --target pictures      takes them anew, into docs/pictures
// As a test it takes them beside the others, which shows that each page is still there and shows what it showed; those
// that are kept are held against the list, by name and size.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { raise } from '../api/support/stage.mjs';
import { Operator } from './support/operator.mjs';
import { fill } from './support/past.mjs';

leavesNothingOpen();
const kept = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const into = process.env.PICTURES_INTO ?? join(process.env.DASHBOARD_PICTURES, 'readme');

// ---------------------------------------------------------------- a platform at work

const minute = 60_000, now = Date.now();
const command = (schedule, argv, more = '') => `kind = "command"\nschedule = "${schedule}"\nzone = "UTC"\n${more}[settings]\nargv = ${JSON.stringify(argv)}\n`;
const { node, database } = await raise({
  name: 'syd-1',
  // The auditor would see that this past was never worked.
  settings: { auditor: { enabled: false }, commands: { allow: ['/usr/bin/sleep', '/usr/bin/ls', '/usr/bin/seq'] }, alerts: { every: '1 s' } },
  jobs: {
    nap: undefined,
    'invoice-run': command('0 * * * *', ['/usr/bin/sleep', '1000'], 'lease = "5 s"\n'),
    'partner-feed': command('0 */2 * * *', ['/usr/bin/ls', '/srv/partner/gifts.csv'], '[retries]\ncount = 0\n'),
    'search-index': command('*/20 * * * *', ['/usr/bin/sleep', '0.1']),
  },
});
async function asks(method, path, body) {
  const answer = await fetch(node.root + path, { method, headers: { Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}
// Each at the instants of its schedule, up to the last that has ended by now; `took` as fill() has it.
async function past(job, every, days, took, ends) {
  const due = Math.floor(now / (every * minute)) * every * minute;
  await fill(database, { job, count: Math.floor((days * 1440) / every), minutes: days * 1440, until: now - due > took[1] + 3000 ? due + every * minute : due, took, ends });
}
const always = [['completed', 100]];
await past('throne-expiry', 5, 1, [5, 60], always);
await past('stream-ranking', 30, 60, [4000, 19_000], always);
await past('stream-ranking', 720, 60, [15_000, 24_000], [['completed', 90], ['completed_with_errors', 7], ['failed', 3]]);
await past('search-index', 20, 1, [60_000, 240_000], [['completed', 96], ['completed_with_errors', 4]]);
await past('invoice-run', 60, 1, [480_000, 900_000], always);
await past('partner-feed', 120, 1, [20_000, 45_000], always);
await asks('POST', '/jobs/invoice-run/run', { reason: 'the ledger was closed late' });
await asks('POST', '/jobs/trust-score/pause', { reason: 'wallet migration' });
const feed = await asks('POST', '/jobs/partner-feed/run', { reason: 'the feed is late' });
const failed = await comesTrue(async () => { const { slot } = await asks('GET', `/slots/${feed.id}`); return slot.ended === 'failed' && slot; }, 'the feed failed', 60_000);
await comesTrue(async () => (await asks('GET', '/alerts?state=firing')).items.some(({ labels }) => labels.job === 'partner-feed'), 'its alert fires', 60_000);

// ---------------------------------------------------------------- pictures

const desk = { width: 1280, height: 800 }, phone = { width: 390, height: 780 };
const pictures = [
  { name: 'overview', path: '/', design: 'light', ready: async (asha) => {
    await asha.is('live');
    await asha.page.getByRole('region', { name: 'Running now' }).getByRole('link', { name: 'invoice-run' }).waitFor();
    await asha.page.getByRole('group', { name: /^stream-ranking, the last day/ }).waitFor();
  } },
  { name: 'job', path: '/jobs/stream-ranking', design: 'dark', ready: async (asha) => {
    await asha.page.getByRole('img', { name: /slots in twelve months/ }).waitFor();
    await asha.sees('Half take at most');
  } },
  { name: 'execution', path: `/executions/${failed.execution}`, design: 'light', ready: async (asha) => {
    await asha.page.getByRole('region', { name: 'What is the matter' }).waitFor();
    await asha.page.getByRole('img', { name: /Attempt 1/ }).waitFor();
  } },
  { name: 'timeline', path: '/timeline', design: 'dark', ready: async (asha) => {
    await asha.heading('Time line').waitFor();
    await asha.page.getByRole('img', { name: /^invoice-run/ }).waitFor();
  } },
  { name: 'phone', path: '/', design: 'light', viewport: phone, ready: (asha) => asha.sees(/partner-feed/) },
  { name: 'phone-alert', path: '/alerts', design: 'dark', viewport: phone, ready: (asha) => asha.page.getByRole('region', { name: 'Firing' }).getByRole('link', { name: /partner-feed/ }).waitFor() },
];

async function take(t, { name, path, design, viewport = desk, ready }) {
  const operator = await Operator.comes(t, node, { path, look: { viewport, colorScheme: design, timezoneId: 'UTC', reducedMotion: 'reduce', deviceScaleFactor: 1.5 } });
  await ready(operator);
  await comesTrue(async () => await operator.page.locator('.skeleton').count() === 0, 'all of it is loaded');
  await operator.page.evaluate(() => document.fonts.ready);
  const inside = await operator.page.context().newCDPSession(operator.page);
  const { data } = await inside.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  const picture = Buffer.from(data, 'base64');
  assert.equal(picture.subarray(8, 12).toString(), 'WEBP');
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, `${name}.webp`), picture);
}
for (const picture of pictures) test(`${picture.name}: ${picture.path.replace(/[0-9a-f-]{36}/, 'ID')} shows what it showed`, (t) => take(t, picture));

test('those that are kept are these, small, and shown to readers', () => {
  const files = readdirSync(kept).sort(), sizes = files.map((file) => statSync(join(kept, file)).size);
  assert.deepEqual(files, pictures.map(({ name }) => `${name}.webp`).sort());
  assert.ok(Math.max(...sizes) < 150 * 1024, `${files[sizes.indexOf(Math.max(...sizes))]} is too large: ${Math.max(...sizes)}`);
  assert.ok(sizes.reduce((sum, one) => sum + one) < 600 * 1024, 'they are too large together');
  const pages = ['README.md', 'docs/dashboard.md'].map((page) => readFileSync(join(kept, '../..', page), 'utf8'));
  const shown = pages.flatMap((page) => [...page.matchAll(/pictures\/([\w-]+\.webp)/g)].map(([, file]) => file));
  assert.deepEqual([...new Set(shown)].sort(), files);
});
