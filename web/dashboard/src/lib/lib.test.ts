import { following } from './download';
import { describe, expect, test } from 'vitest';
import type { Me } from '../made/api';
import { addressOf } from './api';
import { fits } from './match';
import { inWords, lookOf, standings, worst } from './outcomes';
import { lacks, permit } from './permissions';
import { slice } from './virtual';

const me = (rights: string[], jobs: string[] = []): Me => ({ name: 'Bela', from: 'a test', role: 'operator', rights, jobs, token: '7' });

describe('permits', () => {
  test('follow rights, and say which is missing', () => {
    expect(permit(me(['look', 'run']), 'POST /jobs/{job}/run', 'a').may).toBe(true);
    expect(permit(me(['look']), 'POST /jobs/{job}/run', 'a')).toEqual({ may: false, why: 'It takes the right “run”, which your operator’s token does not have.' });
    expect(permit(null, 'POST /jobs/{job}/run', 'a').may).toBe(false);
  });
  test('follow the jobs that a token is for', () => {
    const bela = me(['look', 'run', 'kill'], ['og-*', 'rank']);
    expect(permit(bela, 'POST /jobs/{job}/run', 'og-daily-bonus').may).toBe(true);
    expect(permit(bela, 'POST /jobs/{job}/run', 'ranking').may).toBe(false);
    expect(permit(bela, 'PUT /kill-switch')).toEqual({ may: false, why: 'It concerns all jobs, and your token is for some alone.' });
    expect([lacks(bela, 'look'), lacks(bela, 'kill', 'rank')]).toEqual(['', '']);
  });
});

describe('outcomes', () => {
  test('of one tone differ in their shapes', () => {
    for (const one of standings) for (const other of standings) {
      if (one < other && lookOf(one).tone === lookOf(other).tone && one !== 'ended' && other !== 'ended') expect(lookOf(one).shape, `${one}, ${other}`).not.toBe(lookOf(other).shape);
    }
  });
  test('of many are told by the worst', () => {
    expect(worst({ completed: 40, failed: 1, missed: 2 })).toBe('failed');
    expect(worst({ completed: 0 })).toBeUndefined();
    expect(inWords({ completed: 4, failed: 1 })).toBe('1 failed, 4 completed');
  });
});

test('addresses hold escaped names and no empty words', () => {
  expect(addressOf('/jobs/{job}/next', { job: 'a/b' }, { n: 5, from: undefined, q: '' })).toBe('/api/v1/jobs/a%2Fb/next?n=5');
});

test('a long list keeps only what is near in the page', () => {
  expect(slice(10_000, 50, 0, 900)).toEqual({ begin: 0, end: 28 });
  expect(slice(10_000, 50, 250_000, 900)).toEqual({ begin: 4990, end: 5028 });
  expect(slice(3, 50, 900_000, 900)).toEqual({ begin: 3, end: 3 });
});

test('what somebody types finds beginnings of words first', () => {
  expect(fits('stream-ranking', 'sr')).toBeGreaterThan(fits('trust-score', 'sr'));
  expect(fits('trust-score', 'xyz')).toBe(0);
});

test('lines that follow are asked for as the first were', () => {
  expect(following('</api/v1/history/export?job=pay&cursor=5.1>; rel="next"')).toBe('/api/v1/history/export?job=pay&cursor=5.1');
  expect(following(null)).toBeUndefined();
});
