// Lanes as they are drawn: where each slot's bar begins and ends, and in which row of its lane, so that slots that were
// worked side by side are seen side by side.
import type { Timeline, TimelineLane, TimelineRun } from '../../made/api';
import { lookOf, type Tone } from '../../lib/outcomes';
import { millis } from '../../lib/time';

export interface Bar {
  slot: string; due: number; began: number | null; ended: number | null; standing: string; trigger: string; attempt: number;
  tone: Tone; row: number; begin: number; // what is drawn begins there
}
export interface Cell { at: number; slots: Record<string, number> }
export interface Run extends Omit<TimelineRun, 'due_ms'> { at: number }
export interface LaneOf { job: string; bars: Bar[]; rows: number; cells: Cell[]; cell: number; coming: Run[]; comingUntil: number | null }

const most_rows = 6;

// Waiting is drawn where somebody waited: not from a backfilled slot's instant, which may lie years back.
const waits = (trigger: string) => trigger !== 'backfill' && trigger !== 'early';
export const endOf = (bar: Bar, now: number) => bar.ended ?? Math.max(now, bar.begin);
// How late it began; null where it did not, or where that says nothing.
export const lateness = (bar: Bar) => (bar.began === null || !waits(bar.trigger) ? null : bar.began - bar.due);

function barsOf({ bars }: TimelineLane, base: number): Bar[] {
  const at = (ms: number | null) => (ms === null ? null : base + ms);
  return bars.map((bar) => {
    const due = base + bar.due_ms, began = at(bar.began_ms), ended = at(bar.ended_ms);
    return { slot: bar.slot, due, began, ended, standing: bar.standing, trigger: bar.trigger, attempt: bar.attempt, tone: lookOf(bar.standing).tone, row: 0,
      begin: waits(bar.trigger) ? Math.min(due, began ?? due) : began ?? ended ?? due };
  }).sort((a, b) => a.begin - b.begin);
}

// Each in the first row that is free by then; how many rows that takes.
export function pack(bars: Bar[], now: number): number {
  const free: number[] = [];
  for (const bar of bars) {
    const found = free.findIndex((end) => end <= bar.begin);
    bar.row = found >= 0 ? found : Math.min(free.length, most_rows - 1);
    free[bar.row] = Math.max(free[bar.row] ?? 0, endOf(bar, now));
  }
  return Math.max(1, free.length);
}

export function lanesOf(told: Timeline, now: number): LaneOf[] {
  const base = millis(told.from);
  return told.items.map((lane) => {
    const bars = barsOf(lane, base);
    return {
      job: lane.job, bars, rows: pack(bars, now), cell: told.cell_ms ?? 0,
      cells: lane.cells.map((cell) => ({ at: millis(cell.at), slots: cell.slots })),
      coming: lane.coming.map((run) => ({ at: base + run.due_ms, note: run.note, lost: run.lost })),
      comingUntil: lane.coming_until ? millis(lane.coming_until) : null,
    };
  });
}

// The bar that somebody points at: the one that is drawn there, else the nearest within `reach` milliseconds.
export function barAt(lane: LaneOf, at: number, row: number, reach: number, now: number): Bar | undefined {
  let best: Bar | undefined, least = Infinity;
  for (const bar of lane.bars) {
    const off = Math.max(0, bar.begin - at, at - endOf(bar, now));
    if (off > reach) continue;
    const away = off + Math.abs(bar.row - row) * reach;
    if (away < least) { least = away; best = bar; }
  }
  return best;
}

// From bar to bar of a lane, as the keys lead: undefined where there is none further on.
export function neighbour(lane: LaneOf, bar: Bar | undefined, by: number, from: number): Bar | undefined {
  if (bar) return lane.bars[lane.bars.indexOf(bar) + by];
  return by > 0 ? lane.bars.find((one) => one.begin >= from) ?? lane.bars.at(-1) : lane.bars.findLast((one) => one.begin <= from) ?? lane.bars[0];
}
// The one of another lane that was worked nearest to that time.
export function nearest(lane: LaneOf, at: number): Bar | undefined {
  return lane.bars.reduce<Bar | undefined>((best, bar) => (!best || Math.abs(bar.begin - at) < Math.abs(best.begin - at) ? bar : best), undefined);
}

export const seen = (bar: Bar, view: { from: number; to: number }, now: number) => bar.begin <= view.to && endOf(bar, now) >= view.from;
