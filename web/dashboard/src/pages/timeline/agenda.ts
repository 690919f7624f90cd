// The agenda as it is drawn and read: quarters of an hour as bars, runs by the hours of a clock.
import { millis, read } from '../../lib/time';
import type { Agenda, AgendaItem } from '../../made/api';

export interface Bar { from: number; to: number; due: number; together: number }

// Cells; where there is little room as many in one as it takes for a finger to hit it. Those in which nothing is due are not told.
export function barsOf({ from, to, cells, cell_ms: cell }: Agenda, width: number, least = 10): Bar[] {
  const room = (width * cell) / (millis(to) - millis(from)), wide = cell * ([1, 2, 4].find((one) => room * one >= least) ?? 4);
  const bars = new Map<number, Bar>();
  for (const { at, due, together } of cells) {
    const begin = Math.floor(millis(at) / wide) * wide, bar = bars.get(begin) ?? { from: begin, to: begin + wide, due: 0, together: 0 };
    bars.set(begin, { ...bar, due: bar.due + due, together: Math.max(bar.together, together) });
  }
  return [...bars.values()];
}

// How many fall together all the time, as jobs of each minute do: only more than these are worth a mark.
export function usual({ from, to, cells, cell_ms: cell }: Agenda): number {
  return cells.length < Math.floor((millis(to) - millis(from)) / cell) ? 1 : Math.min(...cells.map((one) => one.together));
}

// Each hour of the zone's clock with what is due in it: "Fri 2026-11-27 02:00".
export function byHours(runs: AgendaItem[], zone: string): { name: string; from: number; runs: AgendaItem[] }[] {
  const hours: ReturnType<typeof byHours> = [];
  for (const run of runs) {
    const at = millis(run.at), { weekday, day, clock } = read(at, zone), name = `${weekday} ${day} ${clock.slice(0, 3)}00`;
    if (hours.at(-1)?.name !== name) hours.push({ name, from: at - Number(clock.slice(3)) * 60_000 - (at % 60_000), runs: [] });
    hours.at(-1)?.runs.push(run);
  }
  return hours;
}
