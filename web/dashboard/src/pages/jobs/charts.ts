// The geometry of a job's pictures, as plain functions.
import { inWords, lookOf, standingOf, worst, type Look } from '../../lib/outcomes';
import { span } from '../../lib/time';
import type { Period, RecentSlot, SimulatedDay, Slot } from '../../made/api';

const day_ms = 86_400_000;

export interface DayBox { day: string; at: number; column: number; row: number; look: Look | null; ends: Record<string, number>; slots: number }

// Twelve months up to `until` as columns of weeks, each from Monday on; the last week is the last column. Statistics
// count by days of UTC.
export function calendar(periods: Period[], until: number, weeks = 53): DayBox[] {
  const told = new Map(periods.map((one) => [one.begins.slice(0, 10), one]));
  const today = Math.floor(until / day_ms) * day_ms;
  const weekday = (at: number) => (new Date(at).getUTCDay() + 6) % 7;
  const first = today - weekday(today) * day_ms - (weeks - 1) * 7 * day_ms;
  const out: DayBox[] = [];
  for (let at = first; at <= today; at += day_ms) {
    const day = new Date(at).toISOString().slice(0, 10), period = told.get(day);
    const ends = (period?.ends ?? {}) as Record<string, number>, end = worst(ends);
    out.push({ day, at, column: Math.floor((at - first) / day_ms / 7), row: weekday(at), look: end ? lookOf(end) : null, ends, slots: period?.slots ?? 0 });
  }
  return out;
}

// Names of months, at the column in which each begins.
export function months(days: DayBox[]): { column: number; name: string }[] {
  return days.filter((one) => one.day.endsWith('-01')).map((one) => ({ column: one.column, name: new Date(one.at).toLocaleString('en', { month: 'short', timeZone: 'UTC' }) }));
}

export interface Took { slot: Slot; ms: number; look: Look; standing: string }

// What was worked, the oldest first.
export function took(slots: Slot[]): Took[] {
  return slots.flatMap((slot) => {
    if (!slot.started_at || !slot.ended_at) return [];
    const standing = standingOf(slot);
    return [{ slot, ms: Date.parse(slot.ended_at) - Date.parse(slot.started_at), look: lookOf(standing), standing }];
  }).reverse();
}

export interface Stick { slot: RecentSlot; x: number; tall: number; look: Look; said: string }

// A job's newest slots, the newest at the right, `step` apart. How tall goes by the root of how long it took, so that a short
// one is seen beside a long one; what was not worked has a foot alone.
export function sticks(slots: RecentSlot[], width: number, step: number, tallest: number): Stick[] {
  const most = Math.max(1, ...slots.map((one) => one.took_ms ?? 0));
  return slots.map((slot, at) => {
    const look = lookOf(slot.ended), ms = slot.took_ms;
    return {
      slot, look, x: width - (at + 1) * step, tall: 3 + Math.sqrt((ms ?? 0) / most) * (tallest - 3),
      said: `${slot.scheduled_for.slice(0, 16).replace('T', ' ')} UTC: ${look.word}${ms === null ? '' : `, ${span(ms)}`}`,
    };
  });
}

// The same in words: "of the last 20: 1 failed, 19 completed; the last took 1.2 s".
export function recently(slots: RecentSlot[]): string {
  const [last] = slots, counts: Record<string, number> = {};
  if (!last) return 'none has ended yet';
  for (const { ended } of slots) counts[ended] = (counts[ended] ?? 0) + 1;
  return `of the last ${slots.length}: ${inWords(counts)}; the last ${last.took_ms === null ? 'was not worked' : `took ${span(last.took_ms)}`}`;
}

// 1, 2 or 5 times a power of ten: the least such that `most` is no higher than it.
export function ceiling(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((one) => one * power >= most) ?? 10) * power;
}

// Steps of how much runs at once; minutes that are not told are as they were before.
export function loadPath(day: SimulatedDay, side: 'before' | 'after', width: number, height: number, most: number): string {
  const from = Date.parse(day.from), whole = Math.max(1, Date.parse(day.to) - from);
  const y = (count: number) => (height - 2 - (count / most) * (height - 6)).toFixed(1);
  let path = '', until = 0;
  for (const minute of day.minutes) {
    const x = ((Date.parse(minute.at) - from) / whole) * width, end = x + (60_000 / whole) * width;
    if (x > until + 0.01) path += `M${x.toFixed(1)} ${y(0)}`;
    path += `${path ? 'L' : 'M'}${x.toFixed(1)} ${y(minute[side])}H${end.toFixed(1)}V${y(0)}`;
    until = end;
  }
  return path;
}

export interface Trend { what: string; values: number[]; now: number; before: number; kind: 'span' | 'share' }

// The last half of the periods beside the half before; undefined where either has nothing.
export function trends(periods: Period[]): Trend[] {
  const worked = periods.filter((one) => one.slots > 0);
  if (worked.length < 2) return [];
  const middle = Math.ceil(worked.length / 2), mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length);
  const bad = ({ ends, slots }: Period) => (ends.failed + ends.timed_out + ends.missed) / slots;
  const of = (what: string, kind: Trend['kind'], value: (one: Period) => number): Trend => {
    const values = worked.map(value);
    return { what, kind, values, before: mean(values.slice(0, middle)), now: mean(values.slice(middle)) };
  };
  return [of('Half take at most', 'span', (one) => one.duration_ms.p50), of('9 of 10 take at most', 'span', (one) => one.duration_ms.p90),
    of('9 of 10 are late by', 'span', (one) => one.lateness_ms.p90), of('Fail or are missed', 'share', bad)];
}

// How many slots of a backfill have ended, of how many stand how.
export const overOf = (stands: Record<string, number>) => Object.entries(stands).reduce((sum, [what, count]) => sum + (['due', 'waiting', 'running', 'unknown'].includes(what) ? 0 : count), 0);
