import { describe, expect, test } from 'vitest';
import type { Agenda, Timeline } from '../../made/api';
import { barsOf, byHours, usual } from './agenda';
import { barAt, lanesOf, lateness, nearest, neighbour, pack } from './layout';
import { changes, offset, ticks } from './ticks';
import { addressOf, around, covers, day, hour, minute, panned, viewOf, wanted, width, zoomed } from './view';
import { inWords } from './words';

const now = Date.parse('2026-11-26T12:00:00Z');
const words = (said: Record<string, string>) => (name: string) => said[name] ?? '';

describe('what is seen', () => {
  test('follows now unless the address says a range', () => {
    const { view, follows } = viewOf(words({}), now);
    expect(follows).toBe(true);
    expect(width(view)).toBe(6 * hour);
    expect(view.to).toBe(now + 1.5 * hour);
    expect(viewOf(words({ span: '1440' }), now).view).toEqual(around(now, day));
  });
  test('is the same after a reload', () => {
    const view = { from: now - hour, to: now + minute };
    const { from, to } = addressOf(view);
    expect(viewOf(words({ from, to }), now + day)).toEqual({ view, follows: false });
  });
  test('a range that is none is not believed', () => {
    expect(viewOf(words({ from: 'x', to: '2026-01-01' }), now).follows).toBe(true);
    expect(viewOf(words({ from: '2026-02-01', to: '2026-01-01' }), now).follows).toBe(true);
  });
  test('zooming keeps what is pointed at, within bounds', () => {
    const view = { from: 0, to: 8 * hour }, closer = zoomed(view, 0.5, 2 * hour);
    expect(closer).toEqual({ from: hour, to: 5 * hour });
    expect(width(zoomed(view, 1e-9, 0))).toBe(2 * minute);
    expect(width(zoomed(view, 1e9, 0))).toBe(10 * day);
  });
  test('moving a little asks for nothing anew', () => {
    const view = { from: now - 6 * hour, to: now };
    expect(covers(wanted(view), panned(view, 0.4))).toBe(true);
    expect(wanted(view)).toEqual(wanted(panned(view, 0.001)));
    expect(width(wanted({ from: now, to: now + 10 * day }))).toBeLessThanOrEqual(31 * day);
    expect(width(wanted(view, true))).toBeLessThan(1.3 * width(view));
  });
});

describe('the axis', () => {
  test('has whole hours of the zone’s clock, and days', () => {
    const view = { from: Date.parse('2026-11-26T16:00:00Z'), to: Date.parse('2026-11-26T22:00:00Z') };
    expect(ticks(view, 384, 'Asia/Kolkata').map((one) => one.label)).toEqual(['22:00', '23:00', 'Fri 27', '01:00', '02:00', '03:00']);
  });
  test('goes on rightly over a change of the clocks, and marks it', () => {
    const spring = { from: Date.parse('2026-03-08T04:00:00Z'), to: Date.parse('2026-03-08T10:00:00Z') };
    expect(ticks(spring, 500, 'America/New_York').map((one) => one.label)).toEqual(['23:00', 'Sun 8', '01:00', '03:00', '04:00', '05:00', '06:00']);
    expect(changes(spring, 'America/New_York')).toEqual([{ at: Date.parse('2026-03-08T07:00:00Z'), text: 'the clocks go forward by 1 h' }]);
    const autumn = { from: Date.parse('2026-04-04T12:00:00Z'), to: Date.parse('2026-04-05T12:00:00Z') };
    expect(changes(autumn, 'Australia/Lord_Howe').map((one) => one.text)).toEqual(['the clocks go back by 30 min']);
    expect(changes(autumn, 'UTC')).toEqual([]);
  });
  test('never stands still where an hour comes twice', () => {
    const autumn = { from: Date.parse('2026-11-01T04:00:00Z'), to: Date.parse('2026-11-01T09:00:00Z') };
    expect(ticks(autumn, 400, 'America/New_York').map((one) => one.label)).toEqual(['Sun 1', '01:00', '01:00', '02:00', '03:00', '04:00']);
  });
  test('knows offsets on both sides', () => {
    expect(offset(now, 'Asia/Kolkata')).toBe(5.5 * hour);
    expect(offset(now, 'America/New_York')).toBe(-5 * hour);
  });
});

const bar = (slot: string, due: number, began: number | null, ended: number | null, more = {}) => ({ slot, due_ms: due, began_ms: began, ended_ms: ended, standing: ended === null ? 'running' : 'completed', trigger: 'schedule' as const, attempt: 1, ...more });
const told = (bars: ReturnType<typeof bar>[]): Timeline => ({ from: new Date(now).toISOString(), to: new Date(now + day).toISOString(), cell_ms: null, counted_from: null, items: [{ job: 'pay', bars, cells: [], coming: [{ due_ms: 5, note: '', lost: false }], coming_until: null }] });
const lane = (...bars: ReturnType<typeof bar>[]) => { const found = lanesOf(told(bars), now + hour)[0]; if (!found) throw new Error('no lane'); return found; };

describe('a lane', () => {
  test('shows what was worked side by side in rows of its own', () => {
    const one = lane(bar('1', 0, 10, 100), bar('2', 50, 60, 200), bar('3', 100, 110, 150));
    expect(one.bars.map(({ slot, row }) => [slot, row])).toEqual([['1', 0], ['2', 1], ['3', 0]]);
    expect(one.rows).toBe(2);
  });
  test('has a bound to its rows', () => { expect(lane(...Array.from({ length: 30 }, (_, i) => bar(String(i), i, i, null))).rows).toBe(6); });
  test('draws waiting from the slot’s instant on, but not that of a backfill', () => {
    const one = lane(bar('1', 0, 5000, 9000), bar('2', -day, 6000, 7000, { trigger: 'backfill' }));
    expect(one.bars.map(({ slot, begin }) => [slot, begin - now])).toEqual([['1', 0], ['2', 6000]]);
    expect(one.bars.map(lateness)).toEqual([5000, null]);
  });
  test('finds what is pointed at, and what is nearest', () => {
    const one = lane(bar('1', 0, 0, 100), bar('2', 1000, 1000, 1100), bar('3', 50, 50, 120));
    expect(barAt(one, now + 60, 0, 10, now)?.slot).toBe('1');
    expect(barAt(one, now + 60, 1, 10, now)?.slot).toBe('3');
    expect(barAt(one, now + 1105, 0, 10, now)?.slot).toBe('2');
    expect(barAt(one, now + 500, 0, 10, now)).toBeUndefined();
    expect(nearest(one, now + 900)?.slot).toBe('2');
  });
  test('is walked through by the keys', () => {
    const one = lane(bar('1', 0, 0, 100), bar('2', 1000, 1000, 1100));
    expect(neighbour(one, undefined, 1, now + 500)?.slot).toBe('2');
    expect(neighbour(one, one.bars[1], 1, 0)).toBeUndefined();
    expect(neighbour(one, one.bars[1], -1, 0)?.slot).toBe('1');
  });
  test('is packed quickly, however full', () => {
    const bars = lane(...Array.from({ length: 10_000 }, (_, i) => bar(String(i), i * 1000, i * 1000 + 20, i * 1000 + 900))).bars;
    const began = performance.now();
    pack(bars, now);
    expect(performance.now() - began).toBeLessThan(100);
  });
  test('a bar says in words when it was due and how late it began', () => {
    const one = lane(bar('1', 0, 5000, 9000, { attempt: 2 }));
    expect(one.bars.map((each) => inWords('pay', each, 'UTC', now))).toEqual(['pay: completed, due 12:00:00 UTC, 5 s late, took 4 s, 2 attempts']);
  });
});

describe('the agenda', () => {
  const at = (minutes: number) => new Date(now + minutes * minute).toISOString();
  const day = (cells: Agenda['cells']): Agenda => ({ from: at(0), to: at(24 * 60), cell_ms: 15 * minute, cells, items: [], often: [], left_off: 0, counted_until: null });
  const cells = [{ at: at(15), due: 2, together: 2 }, { at: at(45), due: 1, together: 1 }, { at: at(120), due: 4, together: 3 }];
  test('has a bar for each quarter in which something is due', () => {
    expect(barsOf(day(cells), 1440).map((bar) => [(bar.from - now) / minute, (bar.to - bar.from) / minute, bar.due])).toEqual([[15, 15, 2], [45, 15, 1], [120, 15, 4]]);
  });
  test('has whole hours where there is little room', () => {
    expect(barsOf(day(cells), 320).map((bar) => [(bar.from - now) / minute, bar.due, bar.together])).toEqual([[0, 3, 2], [120, 4, 3]]);
  });
  test('marks what falls together more than always', () => {
    expect(usual(day(cells))).toBe(1);
    expect(usual(day(Array.from({ length: 96 }, (_, which) => ({ at: at(which * 15), due: 30, together: 2 + which % 3 }))))).toBe(2);
  });
  test('is read by the hours of a zone’s clock', () => {
    const run = (minutes: number) => ({ job: 'pay', at: at(minutes), note: '', lost: false, paused: false });
    const hours = byHours([run(5), run(20), run(50)], 'Asia/Kathmandu');
    expect(hours.map((one) => [one.name, (one.from - now) / minute, one.runs.length])).toEqual([['Thu 2026-11-26 17:00', -45, 1], ['Thu 2026-11-26 18:00', 15, 2]]);
  });
});
