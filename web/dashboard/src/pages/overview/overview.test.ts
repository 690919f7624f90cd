import { describe, expect, test } from 'vitest';
import type { AlertList, Overview, OverviewJob, RunningSlot } from '../../made/api';
import { facts } from './health';
import { hours, scale } from '../../lib/charts/lanes';
import { coming, settled, troubles, verdict } from './overview';
import { eta } from '../../lib/running';

const now = Date.parse('2026-11-26T12:00:00Z'), at = (ms: number) => new Date(now + ms).toISOString();
const run = (ms: number, lost = false) => ({ at: at(ms), local: '2026-11-26 23:00:00 +11:00', note: '', lost });
const job = (name: string, more: Partial<OverviewJob> = {}): OverviewJob => ({
  job: name, schedule: { expression: '*', zone: 'UTC', dst: '', description: 'every minute' }, enabled: true, priority: 0, queue: '', tags: [], second_person: false,
  paused: null, running: 0, failures_in_a_row: 0, next: null, last: null, coming: [], ...more,
});
const node = (name: string, state: 'works' | 'lost', clock_ahead_ms = 0) => ({
  id: '1', name, host: 'h', state, version: '1', zone_data: '', started_at: at(0), seen_at: at(-1000), stopped_at: null, clock_ahead_ms, running: 0, draining: null,
});
const overview = (more: Partial<Overview> = {}): Overview => ({
  kill_switch: { on: false, by: '', reason: '', since: null }, running: { items: [], more: false },
  jobs: { items: [], left_off: 0, total: 0, paused: 0, failing: 0, disabled: 0 }, nodes: [node('a', 'works')],
  queues: [{ queue: 'default', running: 0, due: 0, waiting: 0, unknown: 0, oldest_due: null }], outbox: { events: 0, sinks: [] },
  sockets: { connected: 0, written_down: true }, database: { answers_ms: 2, disk_free_percent: 60 }, approvals_open: 0, ...more,
});
const alerts = (job: string): AlertList => ({ next: null, items: [{
  id: '1', rule: 'failed', severity: 'critical', state: 'firing', labels: { job }, annotations: { summary: `${job} failed` }, began_at: at(0), fired_at: at(0), resolved_at: null, held_back: '',
}] });
const jobsOf = (...items: OverviewJob[]) => ({ ...overview().jobs, items, total: items.length });

const drains = { ...node('a', 'works'), draining: { by: 'asha', reason: 'a kernel', since: at(0) } };

describe('what is wrong', () => {
  test('is nothing where all is well', () => {
    expect(troubles(overview(), undefined)).toEqual([]);
    expect(verdict([]).text).toBe('Nothing is wrong');
  });
  test('is told once of a job, and the worst comes first', () => {
    const told = overview({ jobs: jobsOf(job('rank', { paused: { by: 'asha', reason: 'x', since: null, until: null } }), job('pay', { failures_in_a_row: 2 }), job('trust', { failures_in_a_row: 1 })) });
    expect(troubles(told, alerts('pay')).map((one) => one.text)).toEqual(['pay failed', 'trust failed', 'rank is paused']);
    expect(verdict(troubles(told, alerts('pay'))).text).toBe('2 things need somebody now');
  });
  test('is not what somebody knows of already, nor what is only to be known', () => {
    const { items: [first] } = alerts('pay');
    const of = (...more: Partial<AlertList['items'][number]>[]) => ({ next: null, items: more.map((one, id) => ({ ...first!, id: String(id), ...one })) });
    const told = troubles(overview(), of({ held_back: 'silenced by asha' }, { severity: 'info', rule: 'recovering' }, { severity: 'warning' }));
    expect(told.map((one) => one.tone)).toEqual(['warn', 'busy', 'quiet']);
    expect(verdict(told).text).toBe('1 warning, nothing that stands still');
  });
  test('is the kill switch, lost nodes, and slots that a person has to decide', () => {
    const told = overview({ kill_switch: { on: true, by: 'asha', reason: 'x', since: at(0) }, nodes: [node('a', 'lost')], queues: [{ queue: 'default', running: 0, due: 0, waiting: 0, unknown: 2, oldest_due: null }] });
    expect(troubles(told, undefined).map((one) => one.id)).toEqual(['kill', 'lost', 'none', 'unknown']);
  });
  test('is that every node drains, and not that one of them does', () => {
    expect(troubles(overview({ nodes: [drains] }), undefined).map((one) => one.text)).toEqual(['Every node drains: nothing new starts']);
    expect(troubles(overview({ nodes: [drains, node('b', 'works')] }), undefined)).toEqual([]);
  });
});

test('what comes is each job’s next that is really due, the soonest first', () => {
  const jobs = [job('b', { coming: [run(1000, true), run(9000)] }), job('a', { coming: [run(5000)] }), job('held', { paused: { by: '', reason: '', since: null, until: null }, coming: [run(10)] })];
  expect(coming(jobs, 9, now).map((one) => one.job.job)).toEqual(['a', 'b']);
});

test('an end is told where it is known, and else why it is not', () => {
  const slot = { started_at: at(-60_000), usual_ms: 30_000, expected_end: null, cancel_requested_by: '' } as RunningSlot;
  expect(eta({ ...slot, expected_end: at(64_300) }, now)).toBe('done in about 1 min 4 s');
  expect(eta(slot, now)).toBe('longer than its usual 30 s');
  expect(eta({ ...slot, usual_ms: null }, now)).toBe('no telling how long');
});

test('rows stay where they were first seen', () => {
  expect(settled(['a', 'b', 'c'], ['c', 'd', 'a'])).toEqual(['a', 'c', 'd']);
});

test('the axis has whole hours of the zone’s clock', () => {
  const day = scale(now, now + 6 * 3_600_000, 400);
  expect(hours(day, 'Asia/Kolkata').map((one) => one.label)).toEqual(['18:00', '19:00', '20:00', '21:00', '22:00', '23:00']);
  expect(day.x(now + 3 * 3_600_000)).toBe(200);
});

test('health is told in a word for each part', () => {
  const word = (more: Partial<Overview>) => facts(overview(more), now).map((one) => one.word);
  expect(word({})).toEqual(['well', 'well', 'well', 'well', 'well']);
  expect(word({ nodes: [node('a', 'works', 4000)], database: { answers_ms: 3000, disk_free_percent: null } })).toEqual(['clock is off', 'well', 'well', 'well', 'slow']);
  expect(facts(overview({ nodes: [drains] }), now)[0]).toMatchObject({ tone: 'bad', word: 'drain', value: '1 of 1 drain' });
  expect(facts(overview({ nodes: [drains, node('b', 'works')] }), now)[0]).toMatchObject({ tone: 'warn', value: '1 of 2 drain' });
  expect(word({ queues: [{ queue: 'default', running: 0, due: 5, waiting: 0, unknown: 0, oldest_due: at(-300_000) }] })[1]).toBe('behind');
});
