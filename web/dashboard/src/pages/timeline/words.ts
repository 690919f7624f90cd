// A bar in words, for those who hear it, and for the card.
import { lookOf } from '../../lib/outcomes';
import { exact, span } from '../../lib/time';
import { endOf, lateness, type Bar, type LaneOf, type Run } from './layout';

const triggers: Record<string, string> = { catch_up: 'caught up', early: 'pulled forward', manual: 'asked for', backfill: 'backfilled' };
export const because = (bar: Bar) => triggers[bar.trigger] ?? '';

export function took(bar: Bar, now: number): string {
  if (bar.began === null) return '';
  return bar.ended === null ? `${span(Math.max(0, Math.floor((now - bar.began) / 1000) * 1000))} so far` : span(bar.ended - bar.began);
}
export function late(bar: Bar): string {
  const ms = lateness(bar);
  if (ms === null) return '';
  return ms < 1000 ? 'on time' : `${span(ms)} late`;
}

export function inWords(job: string, bar: Bar, zone: string, now: number): string {
  return [`${job}: ${lookOf(bar.standing).word}`, `due ${exact(bar.due, { zone, now, seconds: true })}`, late(bar), took(bar, now) && `took ${took(bar, now)}`,
    bar.attempt > 1 && `${bar.attempt} attempts`, because(bar)].filter(Boolean).join(', ');
}

// What a lane shows, for its label.
export function laneInWords(lane: LaneOf, seen: Bar[], coming: Run[], now: number): string {
  const counts: Record<string, number> = {};
  for (const bar of seen) counts[bar.standing] = (counts[bar.standing] ?? 0) + 1;
  for (const cell of lane.cells) for (const [one, count] of Object.entries(cell.slots)) counts[one] = (counts[one] ?? 0) + count;
  const said = Object.entries(counts).map(([one, count]) => `${count} ${lookOf(one).word}`);
  const longest = seen.reduce((most, bar) => Math.max(most, bar.began === null ? 0 : endOf(bar, now) - bar.began), 0);
  return `${lane.job}: ${[said.join(', ') || 'nothing worked', longest ? `the longest took ${span(longest)}` : '', coming.length ? `${coming.length} to come` : ''].filter(Boolean).join('; ')}`;
}
