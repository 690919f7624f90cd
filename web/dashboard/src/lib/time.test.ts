import { describe, expect, test } from 'vitest';
import { complete, exact, relative, round, shortZone, span, zoneFor } from './time';

const noon = Date.parse('2026-11-26T12:00:00Z');
const look = (zone: string) => ({ zone, now: noon });

describe('an instant in words', () => {
  test('names its zone, and leaves today out', () => {
    expect(exact(noon, look('UTC'))).toBe('12:00 UTC');
    expect(exact(noon, look('Australia/Sydney'))).toBe('23:00 Sydney');
    expect(exact(noon, look('Asia/Kolkata'))).toBe('17:30 Kolkata');
  });
  test('has its day where that is another one in that zone', () => {
    expect(exact(Date.parse('2026-11-26T14:00:00Z'), look('Australia/Sydney'))).toBe('2026-11-27 01:00 Sydney');
    expect(exact(noon, { ...look('UTC'), date: true, seconds: true })).toBe('2026-11-26 12:00:00 UTC');
  });
  test('tells the two readings of an hour that comes twice apart', () => {
    const first = Date.parse('2026-10-25T00:30:00Z'), second = Date.parse('2026-10-25T01:30:00Z');
    expect(exact(first, { zone: 'Europe/Berlin', now: first })).toBe(exact(second, { zone: 'Europe/Berlin', now: second }));
    expect(complete(first, 'Europe/Berlin')).toContain('02:30:00 +02:00 Europe/Berlin');
    expect(complete(second, 'Europe/Berlin')).toContain('02:30:00 +01:00 Europe/Berlin');
  });
  test('has half hours of offsets west of Greenwich', () => {
    expect(complete(noon, 'America/St_Johns')).toBe('Thu 2026-11-26 08:30:00 -03:30 America/St_Johns (2026-11-26T12:00:00Z)');
    expect(complete(noon, 'UTC')).toBe('Thu 2026-11-26 12:00:00 +00:00 UTC');
  });
  test('is relative in one unit', () => {
    expect(relative(noon + 90_000, noon)).toBe('in 1 min');
    expect(relative(noon - 3 * 86_400_000, noon)).toBe('3 d ago');
    expect(relative(noon + 400, noon)).toBe('now');
  });
});

test('a job’s zone is taken where it is wanted and there is one', () => {
  expect(zoneFor('job', 'Australia/Sydney')).toBe('Australia/Sydney');
  expect(zoneFor('utc', 'Australia/Sydney')).toBe('UTC');
  expect(shortZone('America/New_York')).toBe('New York');
});

test('spans of settings are said as these say them', () => {
  expect([60_000, 90_000, 7_200_000, 86_400_000, 90_000_000].map(round)).toEqual(['1 min', '1 min 30 s', '2 h', '1 d', '1 d 1 h']);
});

test('spans have as much in them as people take in', () => {
  expect([0, 850, 4200, 9999, 42_000, 200_000, 7_500_000, 273_600_000].map(span)).toEqual(['0 s', '850 ms', '4.2 s', '9.9 s', '42 s', '3 min 20 s', '2 h 05 min', '3 d 4 h']);
});
