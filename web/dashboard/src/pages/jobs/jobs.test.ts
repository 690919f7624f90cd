import { expect, test } from 'vitest';
import type { End, Job, JobDetails, Period, SimulatedDay, Slot } from '../../made/api';
import { calendar, ceiling, loadPath, months, overOf, recently, sticks, took, trends } from './charts';
import { keptFrom } from './may';
import { touched } from './preview';
import { counts, sorted, standingOfJob, wanted, backfillsOf } from './jobs';

const job = (name: string, more: Partial<Job> = {}) => ({
  job: name, schedule: { expression: '5 0 * * *', zone: 'Australia/Sydney', dst: 'vixie', description: 'at 00:05 every day' }, enabled: true, priority: 0, queue: '',
  second_person: false, tags: [], paused: null, running: 0, failures_in_a_row: 0, next: '2026-11-27T00:00:00.000Z', last: null, ...more,
}) as Job;
const slot = (ended: string, ms: number) => ({ id: `${ms}`, state: 'ended', ended, scheduled_for: '2026-11-26T00:00:00.000Z', started_at: '2026-11-26T00:00:00.000Z', ended_at: new Date(Date.parse('2026-11-26T00:00:00.000Z') + ms).toISOString() }) as Slot;
const period = (begins: string, slots: number, ends: object, p50 = 10) => ({ begins, slots, ends: { completed: 0, completed_with_errors: 0, failed: 0, timed_out: 0, cancelled: 0, refused: 0, missed: 0, ...ends }, duration_ms: { count: slots, p50, p90: p50, p99: p50, max: p50 }, lateness_ms: { count: slots, p50: 0, p90: 0, p99: 0, max: 0 } }) as Period;

test('of a schedule what was not touched is not sent', () => {
  const now = { schedule: '5 0 * * *', zone: 'Asia/Tokyo', dst: 'vixie' };
  expect(touched(now, { ...now, schedule: '6 0 * * *' })).toEqual({ schedule: '6 0 * * *' });
  expect(touched(now, { ...now, zone: 'UTC' })).toEqual({ schedule: '5 0 * * *', zone: 'UTC' });
});

test('a job stands as what somebody has to know of it first', () => {
  expect(standingOfJob(job('a', { enabled: false, failures_in_a_row: 3 }))).toBe('off');
  expect(standingOfJob(job('a', { paused: { by: 'asha', reason: 'moving', since: null, until: null }, running: 1 }))).toBe('paused');
  expect(standingOfJob(job('a', { failures_in_a_row: 1, running: 1 }))).toBe('fails');
  expect(counts([job('a'), job('b', { running: 1 }), job('c')])).toEqual({ fails: 0, runs: 1, paused: 0, off: 0, on: 2 });
});

test('jobs are sorted by any column, both ways; what is never due comes last', () => {
  const jobs = [job('b', { next: null }), job('a10', { last: slot('completed', 5) }), job('a9', { next: '2026-11-26T00:00:00.000Z', last: slot('failed', 9) })];
  const names = (order: string) => sorted(jobs, order).map((one) => one.job);
  expect(names('job')).toEqual(['a9', 'a10', 'b']);
  expect(names('-job')).toEqual(['b', 'a10', 'a9']);
  expect(names('next')).toEqual(['a9', 'a10', 'b']);
  expect(names('last')).toEqual(['a9', 'a10', 'b']);
  expect(names('took')).toEqual(['a9', 'a10', 'b']);
});

test('every word of a filter has to stand somewhere', () => {
  expect(wanted(job('og-daily-bonus'), 'sydney BONUS')).toBe(true);
  expect(wanted(job('og-daily-bonus'), 'sydney ranking')).toBe(false);
  expect(wanted(job('a', { paused: { by: '', reason: '', since: null, until: null } }), 'paused default')).toBe(true);
});

test('a word that is named has to stand there', () => {
  const failing = job('money-maker', { failures_in_a_row: 2, queue: 'pay', tags: ['nightly', 'vip'] }), other = job('pay', { queue: 'money' });
  const found = (typed: string) => [failing, other].filter((one) => wanted(one, typed)).map((one) => one.job);
  expect(found('state:failing')).toEqual(['money-maker']);
  expect(found('queue:money')).toEqual(['pay']);
  expect(found('zone:Sydney queue:pay')).toEqual(['money-maker']);
  expect(found('tag:vip')).toEqual(['money-maker']);
  expect(found('zone:UTC')).toEqual([]);
  expect(found('job:pay on')).toEqual(['pay']);
  expect(found('state:')).toEqual(['money-maker', 'pay']);
  expect(found('nobody:knows')).toEqual([]);
});

test('a year is 53 weeks of Mondays to Sundays, each day by its worst', () => {
  const days = calendar([period('2026-11-26T00:00:00.000Z', 2, { completed: 1, failed: 1 })], Date.parse('2026-11-26T10:00:00Z'));
  expect(days[0]).toMatchObject({ column: 0, row: 0 });
  expect(days.at(-1)).toMatchObject({ day: '2026-11-26', column: 52, row: 3, slots: 2 });
  expect(days.at(-1)?.look?.word).toBe('failed');
  expect(days.at(-2)?.look).toBeNull();
  expect(months(days).map((one) => one.name)).toHaveLength(12);
});

test('what was not begun took nothing; the oldest stands first', () => {
  expect(took([slot('completed', 5), { ...slot('refused', 1), started_at: null }, slot('failed', 7)]).map((one) => one.ms)).toEqual([7, 5]);
  expect([0, 1, 3, 20, 21, 700].map(ceiling)).toEqual([1, 1, 5, 20, 50, 1000]);
});

test('the last slots are sticks, the newest at the right, and words', () => {
  const one = (ended: End, took_ms: number | null) => ({ slot: '7', execution: 'x', scheduled_for: '2026-11-26T10:05:00.000Z', ended, took_ms });
  const all = [one('completed', 1200), one('failed', 300), one('missed', null), one('completed', 0)];
  expect(sticks(all, 140, 7, 22).map(({ x, tall, look }) => [x, tall, look.tone])).toEqual([[133, 22, 'good'], [126, 12.5, 'bad'], [119, 3, 'warn'], [112, 3, 'good']]);
  expect(sticks(all, 140, 7, 22).map(({ said }) => said).slice(1, 3)).toEqual(['2026-11-26 10:05 UTC: failed, 300 ms', '2026-11-26 10:05 UTC: missed']);
  expect(sticks([one('completed', 0)], 140, 7, 22)[0]?.tall).toBe(3);
  expect(recently(all)).toBe('of the last 4: 1 failed, 1 missed, 2 completed; the last took 1.2 s');
  expect(recently(all.slice(2))).toBe('of the last 2: 1 missed, 1 completed; the last was not worked');
  expect(recently([])).toBe('none has ended yet');
});

test('the later half of the days stands beside the half before', () => {
  const [half, , , bad] = trends([period('1', 1, { completed: 1 }, 10), period('2', 0, {}), period('3', 2, { failed: 1, completed: 1 }, 30)]);
  expect(half).toMatchObject({ values: [10, 30], before: 10, now: 30 });
  expect(bad).toMatchObject({ before: 0, now: 0.5 });
  expect(trends([period('1', 1, {})])).toEqual([]);
});

test('load is drawn minute by minute, and comes down where nothing is told', () => {
  const day = { from: '2026-11-26T00:00:00Z', to: '2026-11-26T01:00:00Z', minutes: [{ at: '2026-11-26T00:00:00Z', before: 1, after: 0 }, { at: '2026-11-26T00:30:00Z', before: 2, after: 1 }] } as SimulatedDay;
  expect(loadPath(day, 'before', 60, 56, 2)).toBe('M0.0 29.0H1.0V54.0M30.0 54.0L30.0 4.0H31.0V54.0');
});

test('a backfill is as far as its slots have ended', () => {
  expect(overOf({ completed: 3, failed: 1, due: 2, running: 1 })).toBe(4);
});

test('a job may let fewer act on it than a token does', () => {
  const of = (value?: string) => ({ settings: value === undefined ? [] : [{ key: 'may_act', value, origin: 'default' }] }) as unknown as JobDetails;
  expect(keptFrom(of('["admin"]'), 'operator')).toBe('Its file lets admin act on it (may_act), and you are operator.');
  expect(keptFrom(of('["operator", "admin"]'), 'operator')).toBe('');
  expect(keptFrom(of(), 'operator')).toBe('');
});

test('the backfills of a job are those its slots are of, and the one that is looked at', () => {
  const slots = ['pay~1~9~abc', 'again:17', 'pay~1~9~abc', ''].map((key) => ({ key }));
  expect(backfillsOf(slots, '')).toEqual(['pay~1~9~abc']);
  expect(backfillsOf(slots, 'pay~5~6~def')).toEqual(['pay~5~6~def', 'pay~1~9~abc']);
  expect(backfillsOf([], '')).toEqual([]);
});
