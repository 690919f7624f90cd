// The geometry of the lanes: what was, at the left of now; what comes, at its right.
import { read } from '../time';

export interface Scale { from: number; to: number; width: number; x: (at: number) => number }

export function scale(from: number, to: number, width: number): Scale {
  return { from, to, width, x: (at) => ((at - from) / (to - from)) * width };
}

const hour = 3_600_000;

// Whole hours of the zone's wall clock, so many that each has room for its label.
export function hours({ from, to, width }: Scale, zone: string, room = 56): { at: number; label: string }[] {
  const step = [1, 2, 3, 4, 6, 8, 12, 24].find((one) => (width / (to - from)) * one * hour >= room) ?? 24;
  const marks: { at: number; label: string }[] = [];
  // Zones lie whole quarters of an hour off each other.
  for (let at = Math.ceil(from / (hour / 4)) * (hour / 4); at <= to; at += hour / 4) {
    const { clock } = read(at, zone);
    const [hours = '', minutes = ''] = clock.split(':');
    if (minutes === '00' && Number(hours) % step === 0) marks.push({ at, label: clock });
  }
  return marks;
}
