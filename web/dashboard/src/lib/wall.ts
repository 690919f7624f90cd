// What somebody reads off a wall clock, as an instant, and back: for fields of the kind "datetime-local".
import { read } from './time';

const asIfUtc = (local: string) => Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`);

// "2026-11-26T14:05" on the clocks of `zone`; NaN where it is no time. One that the clocks leave out is as much later
// as they were put forward; of one that they show twice it is the first.
export function instantAt(local: string, zone: string): number {
  const wanted = asIfUtc(local);
  if (Number.isNaN(wanted)) return NaN;
  const off = (at: number) => asIfUtc(wallAt(at, zone)) - Math.floor(at / 60_000) * 60_000;
  const day = 86_400_000, before = wanted - off(wanted - day), after = wanted - off(wanted + day);
  const right = [before, after].filter((at) => asIfUtc(wallAt(at, zone)) === wanted);
  return right.length ? Math.min(...right) : before;
}

export function wallAt(at: number, zone: string): string {
  const { day, clock } = read(at, zone);
  return `${day}T${clock}`;
}

// As the API takes it; undefined where nothing, or no time, is said.
export function sayInstant(local: string, zone: string): string | undefined {
  const at = instantAt(local, zone);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
