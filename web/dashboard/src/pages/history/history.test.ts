import { describe, expect, test } from 'vitest';
import { addressed, asked, filterOf, fits, ignored, instantOf, leadsTo, lengthOf, marked, mistakes, parse, soughtOf, suggest, told, written } from './filter';
import { lines, marks, share } from './trends';

const now = Date.parse('2026-11-26T12:00:00Z');

describe('what is said in the box', () => {
  test('is tokens and words', () => {
    expect(parse('job:pay end:failed the bank node:"my node"')).toEqual({ job: 'pay', end: 'failed', node: 'my node', q: 'the bank' });
  });
  test('comes back as it was said', () => {
    for (const text of ['job:pay end:failed', 'requested_by:"Asha B" exit', 'http://x', 'since:24h longer:5min'])
      expect(written(parse(text))).toBe(written(parse(written(parse(text)))));
    expect(written(parse('exit job:pay'))).toBe('job:pay exit');
  });
  test('that looks like a word of ours and is none is a mistake, unless it is in quotes', () => {
    const texts = (text: string) => mistakes(parse(text), now).map((one) => one.text);
    expect(texts('endd:failed bank')).toEqual([expect.stringMatching(/^there is no endd:; end: is meant\?/)]);
    expect(texts('worker:x')).toEqual([expect.stringMatching(/^there is no worker:; there are job: end: /)]);
    expect(soughtOf(parse('endd:failed the bank worker:"a b"'))).toBe('the bank');
    for (const text of ['"error:42" bank', 'http://x bank', 'at 10:05', 'std::bad_alloc', 'code: 3']) expect(texts(text)).toEqual([]);
    expect(soughtOf(parse('"error:42" bank'))).toBe('error:42 bank');
    expect(written(parse('"error:42" job:pay'))).toBe('job:pay "error:42"');
    expect(filterOf((name) => ({ q: 'end:failed bank', job: 'pay' })[name] ?? '')).toEqual({ end: 'failed', job: 'pay', q: 'bank' });
  });
  test('a token without a value yet is none', () => { expect(parse('job: ')).toEqual({}); });
  test('lives in the address', () => {
    const filter = parse('job:pay exit');
    expect(filterOf((name) => addressed(filter)[name] ?? '')).toEqual(filter);
    expect(addressed(filter).end).toBeNull();
  });
});

describe('what the API is asked', () => {
  test('has instants and lengths as numbers', () => {
    expect(asked({ since: '24h', longer: '5min', end: 'failed' }, now)).toMatchObject({ since: '2026-11-25T12:00:00.000Z', longer_than_ms: 300_000, end: 'failed' });
    expect(asked({ until: '2026-11-24' }, now).until).toBe('2026-11-24T00:00:00.000Z');
  });
  test('leaves out what is a mistake, and says so', () => {
    const filter = { end: 'fialed', longer: 'long', since: 'soon' };
    expect(asked(filter, now)).toMatchObject({ end: undefined, longer_than_ms: undefined, since: undefined });
    expect(mistakes(filter, now).map((one) => one.word)).toEqual(['end', 'longer', 'since']);
    expect(mistakes(parse('job:pay end:failed since:7d'), now)).toEqual([]);
    expect(mistakes({ longer: '5' }, now)[0]?.text).toBe('longer: 5 of what? 5s is meant?');
  });
  test('is told as it is asked, not as it was typed', () => {
    expect(told(asked({ end: 'banana', job: 'x', since: '24h', longer: '90s' }, now))).toBe('job:x longer:1 min 30 s since:2026-11-25T12:00:00.000Z');
  });
  test('lengths and instants', () => {
    expect(['90s', '1.5h', '250ms', '2 min', '250'].map(lengthOf)).toEqual([90_000, 5_400_000, 250, 120_000, NaN]);
    expect(instantOf('2026-11-24T18:00Z', now)).toBe(Date.parse('2026-11-24T18:00:00Z'));
    expect(instantOf('nonsense', now)).toBeNaN();
  });
  test('words are narrowed by some alone', () => { expect(ignored({ job: 'a', end: 'failed', q: 'x' })).toEqual(['end']); });
});

describe('what may be meant', () => {
  const known = { jobs: ['pay', 'rank'], nodes: ['a'], queues: ['default'], people: ['Asha B'] };
  const texts = (text: string) => suggest(text, text.length, known).items.map((one) => one.text);
  test('is names of tokens first, then values', () => {
    expect(texts('')[0]).toBe('job:');
    expect(texts('job:')).toEqual(['job:pay ', 'job:rank ']);
    expect(texts('job:pay end:fa')).toEqual(['end:failed ']);
    expect(texts('pa')).toEqual(['job:pay ']);
    expect(texts('requested_by:')).toEqual(['requested_by:"Asha B" ']);
  });
  test('knows where the word begins', () => { expect(suggest('job:pay en', 10, known).from).toBe(8); });
});

test('a slot that came belongs to the list or not', () => {
  const slot = { job: 'pay', state: 'ended', ended: 'failed', trigger: 'schedule', node: 'a', queue: 'default', requested_by: '', scheduled_for: '2026-11-26T11:00:00Z', started_at: '2026-11-26T11:00:00Z', ended_at: '2026-11-26T11:02:00Z' };
  for (const text of ['', 'job:pay', 'end:failed since:24h', 'longer:2min', 'node:a queue:default']) expect(fits(parse(text), slot, now)).toBe(true);
  for (const text of ['job:rank', 'end:completed', 'since:10min', 'until:24h', 'longer:3min', 'trigger:manual']) expect(fits(parse(text), slot, now)).toBe(false);
});

test('words that were looked for stand out', () => {
  const found = (text: string, q: string) => marked(text, q).filter((one) => one.found).map((one) => one.text);
  expect(found('The bank is shut; banks', 'BANK')).toEqual(['bank']);
  expect(found('timeout and timed', 'time*')).toEqual(['timeout', 'timed']);
  expect(marked('a (b', '(').map((one) => one.text)).toEqual(['a (b']);
});

describe('trends', () => {
  const spread = (p50: number, count = 1) => ({ count, p50, p90: p50, p95: p50, p99: p50, max: p50 });
  const period = (day: string, count = 1) => ({ begins: `${day}T00:00:00Z`, slots: count, ends: {} as never, duration_ms: spread(7, count), lateness_ms: spread(0, count) });
  test('a line breaks where nothing was worked', () => {
    const [half] = lines([period('2026-11-01'), period('2026-11-02'), period('2026-11-03', 0), period('2026-11-04')], 'duration_ms', 'day');
    expect(half?.points.map((one) => one.length)).toEqual([2, 1]);
  });
  test('axes have round numbers', () => {
    expect(marks(700)).toEqual([0, 200, 400, 600, 800]);
    expect(marks(100_000)).toEqual([0, 30_000, 60_000, 90_000, 120_000]);
  });
  test('shares are told as exactly as they are known', () => {
    expect([share(0, 5), share(1, 2), share(1, 30), share(1, 9999), share(0, 0)]).toEqual(['0 %', '50 %', '3.3 %', 'below 0.1 %', '']);
  });
});

test('a slot leads to what worked it, or to itself where nothing did', () => {
  expect(leadsTo('7', 'a-b')).toBe('/executions/a-b');
  expect(leadsTo('7', '')).toBe('/slots/7');
});
