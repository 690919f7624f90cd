// How a job fared by days, as charts draw it.
import type { Period, Spread, Statistics } from '../../made/api';
import { millis } from '../../lib/time';

export type Measure = 'duration_ms' | 'lateness_ms';
export const parts = ['p50', 'p95', 'p99'] as const;
export type Part = (typeof parts)[number];
export interface Point { at: number; value: number }
export interface Line { part: Part; points: Point[][] } // broken where nothing was worked

const step_of = { day: 86_400_000, week: 7 * 86_400_000 };

// A line ends where a day has no slots: between them nothing is known.
export function lines(periods: Period[], measure: Measure, by: 'day' | 'week'): Line[] {
  return parts.map((part) => {
    const points: Point[][] = [];
    let before = -Infinity;
    for (const period of periods.filter((one) => one[measure].count > 0)) {
      const at = millis(period.begins);
      if (at - before > step_of[by] * 1.5) points.push([]);
      points.at(-1)?.push({ at, value: period[measure][part] });
      before = at;
    }
    return { part, points };
  });
}

// Round numbers of an axis for milliseconds, 0 first; the last is not below `most`.
export function marks(most: number): number[] {
  const nice = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000];
  const step = nice.find((one) => one * 4 >= most) ?? Math.ceil(most / 4 / 86_400_000) * 86_400_000;
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

export const most = (all: Line[]) => Math.max(1, ...all.flatMap((line) => line.points.flat().map((point) => point.value)));
export const failing = ({ ends }: { ends: Statistics['ends'] }) => ends.failed + ends.timed_out;
export const share = (part: number, all: number) => (all === 0 ? '' : part === 0 ? '0 %' : part / all < 0.001 ? 'below 0.1 %' : `${((100 * part) / all).toFixed(part / all < 0.1 ? 1 : 0)} %`);
export const had = (spread: Spread) => spread.count > 0;
