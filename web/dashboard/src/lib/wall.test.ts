import { expect, test } from 'vitest';
import { instantAt, sayInstant, wallAt } from './wall';

test('a wall clock of a zone is read as an instant, and back', () => {
  expect(sayInstant('2026-11-26T14:05', 'Asia/Kolkata')).toBe('2026-11-26T08:35:00.000Z');
  expect(wallAt(Date.UTC(2026, 10, 26, 8, 35), 'Asia/Kolkata')).toBe('2026-11-26T14:05');
  expect(sayInstant('', 'UTC')).toBeUndefined();
});

test('a time that the clocks leave out lies behind the change, one they show twice is the first', () => {
  expect(new Date(instantAt('2027-03-14T02:30', 'America/New_York')).toISOString()).toBe('2027-03-14T07:30:00.000Z');
  expect(new Date(instantAt('2026-11-01T01:30', 'America/New_York')).toISOString()).toBe('2026-11-01T05:30:00.000Z');
});
