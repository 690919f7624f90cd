import { describe, expect, test } from 'vitest';
import { asked, briefly, difference, lastNumber } from './difference';

describe('what a change changed', () => {
  test('is the members that differ', () => {
    expect(difference('{"priority":5,"zone":"UTC"}', '{"priority":7,"zone":"UTC","schedule":{"at":"x"}}')).toEqual([
      { name: 'priority', was: '5', became: '7' }, { name: 'schedule.at', was: '', became: 'x' }]);
  });
  test('may be lines, or a text of its own', () => {
    expect(difference('a = 1\nb = 2', 'a = 1\nb = 3')).toEqual([{ name: 'b', was: '2', became: '3' }]);
    expect(difference('', 'paused until noon')).toEqual([{ name: '', was: '', became: 'paused until noon' }]);
    expect(difference('', '')).toEqual([]);
  });
  test('of a schedule stands behind commas, and before it what the files say', () => {
    const set = 'dst = vixie, schedule = 0,30 1 * * 1, zone = Europe/Berlin';
    expect(difference('by the files', set)).toEqual([
      { name: 'dst', was: 'by the files', became: 'vixie' }, { name: 'schedule', was: 'by the files', became: '0,30 1 * * 1' }, { name: 'zone', was: 'by the files', became: 'Europe/Berlin' }]);
    expect(difference(set, set.replace('vixie', 'ocps'))).toEqual([{ name: 'dst', was: 'vixie', became: 'ocps' }]);
    expect(difference(set, 'by the files')[0]).toEqual({ name: 'dst', was: 'vixie', became: 'by the files' });
  });
  test('fits into a line', () => {
    expect(briefly(difference('{"a":1,"b":1,"c":1}', '{"a":2,"b":2}'))).toBe('a 1 → 2, b 1 → 2 and 1 more');
  });
});

test('an address narrows the audit, unless it says nonsense', () => {
  const said: Record<string, string> = { who: 'asha', outcome: 'perhaps', since: '2026-11-24' };
  expect(asked((name) => said[name] ?? '')).toEqual({ who: 'asha', what: '', job: '', outcome: '', since: '2026-11-24T00:00:00.000Z' });
});

test('a full page of lines leads to the next', () => {
  expect(lastNumber('{"number":7}\n{"number":8}\n', 2)).toBe('8');
  expect(lastNumber('{"number":7}\n', 2)).toBeUndefined();
});
