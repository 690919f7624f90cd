// The axis: marks at whole steps of a zone's clock, its days, and where that clock is changed.
import { read } from '../../lib/time';
import { day, hour, minute, width, type View } from './view';

export interface Tick { at: number; label: string; strong: boolean }
export interface ClockChange { at: number; text: string }

const steps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day];

// Of a zone's clock before UTC's, in milliseconds.
export function offset(at: number, zone: string): number {
  const said = /([+-])(\d\d):(\d\d)/.exec(read(at, zone).offset);
  return said ? (said[1] === '-' ? -1 : 1) * (Number(said[2]) * hour + Number(said[3]) * minute) : 0;
}

// The first instant after `at` at which that clock shows a whole step.
function next(at: number, step: number, zone: string): number {
  const before = offset(at, zone), local = Math.floor((at + before) / step) * step + step;
  const after = offset(local - before, zone);
  // Where the clock is changed on the way: it may show a whole step sooner than reckoned, or later.
  const found = (local - before + after) % step === 0 ? local - before : local - after;
  return found > at ? found : at + step;
}

// So many that each has room for its label of `room` pixels.
export function ticks(view: View, pixels: number, zone: string, room = 64): Tick[] {
  const step = steps.find((one) => (one / width(view)) * pixels >= room) ?? 7 * day;
  const out: Tick[] = [];
  for (let at = next(view.from - 1, step, zone); at <= view.to; at = next(at, step, zone)) {
    const { clock, day: date, weekday } = read(at, zone);
    const strong = clock === '00:00';
    out.push({ at, strong, label: strong ? `${weekday} ${Number(date.slice(8))}` : clock });
  }
  return out;
}

// Changes of the clock that are seen: found by halves between instants with different offsets.
export function changes(view: View, zone: string): ClockChange[] {
  const out: ClockChange[] = [];
  for (let from = view.from; from < view.to; from += day) {
    const to = Math.min(view.to, from + day), before = offset(from, zone), after = offset(to, zone);
    if (before === after) continue;
    let low = from, high = to;
    while (high - low > 500) {
      const middle = (low + high) / 2;
      if (offset(middle, zone) === before) low = middle;
      else high = middle;
    }
    const by = Math.round((after - before) / minute), at = Math.round(high / 1000) * 1000;
    out.push({ at, text: `the clocks go ${by > 0 ? 'forward' : 'back'} by ${Math.abs(by) % 60 ? `${Math.abs(by)} min` : `${Math.abs(by) / 60} h`}` });
  }
  return out;
}
