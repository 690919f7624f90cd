import { expect, test } from 'vitest';
import type { Execution, Log, Profile, Slot } from '../../made/api';
import { advice, goesOn, micros, pace, phases, pieces, timeLine, triggeredBy } from './execution';

const zero = Date.parse('2026-11-26T00:00:00.000Z'), at = (ms: number) => new Date(zero + ms).toISOString();
const slot = (more: Partial<Slot>) => ({ id: '7', job: 'nap', scheduled_for: at(0), entered_at: at(0), trigger: 'schedule', requested_by: '', state: 'running', ended: null, attempt: 2, execution: 'x2', node: 'a', started_at: at(20_000), ended_at: null, progress: { done: 0, total: 0 }, cancel_requested_by: '', reason: '', ...more }) as Slot;
const view = (more: Partial<Execution>) => ({ slot: slot({}), attempts: [{ execution: 'x1', attempt: 1, node: 'a', started_at: at(1000), ended_at: at(9000), outcome: 'failed', error: '', tally: {}, set_aside: 0 }], partitions: [], failures: [], events: 0, log: null, ...more }) as Execution;

test('attempts lie where they were, the one that runs reaches as far as now', () => {
  const line = timeLine(view({}), zero + 30_000);
  expect(line.bars.map((one) => [one.label, one.from - zero, one.to - zero, one.standing])).toEqual([['attempt 1', 1000, 9000, 'failed'], ['attempt 2', 20_000, 30_000, 'running']]);
  expect([line.from - zero, line.to - zero]).toEqual([0, 30_000]);
});

test('an instant of long ago leaves the attempts their room', () => {
  const line = timeLine(view({ slot: slot({ scheduled_for: at(-86_400_000), state: 'ended', ended_at: at(9000) }) }), 0);
  expect(line.from - zero).toBe(0);
});

test('pace and end are reckoned by progress, else by what is usual', () => {
  const now = zero + 30_000;
  expect(pace(slot({ progress: { done: 100, total: 400 } }), null, now)).toMatchObject({ rate: 10, eta: 'done in about 30 s' });
  expect(pace(slot({}), 40_000, now).eta).toBe('done in about 30 s, if it takes what it usually does');
  expect(pace(slot({}), 5000, now).eta).toBe('longer than its usual 5 s');
  expect(pace(slot({}), null, now).eta).toBe('no telling how long');
  expect(pace(slot({ cancel_requested_by: 'asha' }), null, now).eta).toBe('asked to stop by asha');
});

test('who triggered it and what to do are told in words', () => {
  expect(triggeredBy(slot({}))).toBe('its schedule');
  expect(triggeredBy(slot({ trigger: 'backfill', requested_by: 'asha' }))).toBe('asha, by a backfill');
  expect(advice(slot({ state: 'unknown' }))?.rule).toBe('unknown_outcome');
  expect(advice(slot({ state: 'ended', ended: 'completed' }))).toBeNull();
});

test('hits are found whatever their case', () => {
  expect(pieces('An Error and an error', 'error')).toEqual([{ text: 'An ', hit: false }, { text: 'Error', hit: true }, { text: ' and an ', hit: false }, { text: 'error', hit: true }]);
  expect(pieces('', 'x')).toEqual([{ text: '', hit: false }]);
});

test('a log goes on where it was known to end, and is begun anew where it does not', () => {
  const log = (from: number, text: string) => ({ from, text, length: from + text.length, dropped_bytes: 0, written_at: null }) as Log;
  expect(goesOn(null, log(0, 'a\n'))).toEqual(log(0, 'a\n'));
  expect(goesOn(log(0, 'a\n'), log(2, 'b\n'))).toEqual(log(0, 'a\nb\n'));
  expect(goesOn(log(0, 'a\n'), log(2, ''))).toEqual(log(0, 'a\n'));
  expect(goesOn(log(0, 'a\n'), log(90, 'z\n'))).toEqual(log(90, 'z\n'));
  expect(goesOn(log(0, 'a\n'), null)).toBeNull();
});

test('phases stand with the longest first, without those that took nothing', () => {
  const profile = { waiting_us: 5, claim_us: 0, reading_us: 1, elsewhere_us: 0, ending_us: null, phases: { turn_us: 0, statements_us: 9, events_us: 0, fence_us: 0, commit_us: 0, own_us: 0 } } as unknown as Profile;
  expect(phases(profile).map((one) => one.name)).toEqual(['statements', 'waiting to be claimed', 'reading']);
  expect([900, 1500, 73_000].map(micros)).toEqual(['900 µs', '1.5 ms', '73 ms']);
});
