// A festival's dates on the walls of its country, and back.
import { read } from '../../lib/time';

// The zones of a country, as the browser knows them; UTC where it knows none, and for GLOBAL.
export function zonesOf(country: string): string[] {
  if (!/^[A-Z]{2}$/.test(country)) return ['UTC'];
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?: () => string[] | undefined };
  const zones = locale.getTimeZones?.() ?? [];
  return zones.length ? zones : ['UTC'];
}

// By whose clocks a festival seems to be meant: of its country's zones that where it starts with a day.
export function zoneOf({ country, startsAt }: { country: string; startsAt: string }): string {
  const zones = zonesOf(country);
  return zones.find((one) => localIn(startsAt, one).endsWith('T00:00')) ?? zones[0] ?? 'UTC';
}

export function countryName(country: string): string {
  if (country === 'GLOBAL') return 'everywhere';
  if (!/^[A-Z]{2}$/.test(country)) return '';
  const name = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(country);
  return name ?? 'no country that is known';
}

function offset(instant: number, zone: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(read(instant, zone).offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

// "2026-11-25T00:00", as a field for dates takes it; seconds and their parts where there are some.
export function localIn(text: string, zone: string): string {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) return '';
  const at = read(instant, zone), part = instant % 1000;
  const seconds = part ? `:${at.seconds}.${String(part).padStart(3, '0')}` : at.seconds === '00' ? '' : `:${at.seconds}`;
  return `${at.day}T${at.clock}${seconds}`;
}

// The instant at which the walls of `zone` show `local`; of one they show twice the first. Empty where it is none.
export function instantOf(local: string, zone: string): string {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return '';
  const fits = [wall - offset(wall - 86_400_000, zone), wall - offset(wall + 86_400_000, zone)].filter((one) => one + offset(one, zone) === wall);
  return new Date(fits.length ? Math.min(...fits) : wall - offset(wall, zone)).toISOString().replace('.000Z', 'Z');
}

export type Standing = 'running' | 'coming' | 'over';
export function standingOf({ startsAt, endsAt }: { startsAt: string; endsAt: string }, now: number): Standing {
  return now < Date.parse(startsAt) ? 'coming' : now <= Date.parse(endsAt) ? 'running' : 'over';
}

export interface Bar<T> { item: T; from: number; to: number; lane: number }

// What lies in [from, to], each in the first lane where it touches none before it, with so much room behind it.
export function bars<T extends { startsAt: string; endsAt: string }>(items: T[], from: number, to: number, apart: (item: T) => number = () => 0): Bar<T>[] {
  const ends: number[] = [];
  return items.filter((one) => Date.parse(one.endsAt) >= from && Date.parse(one.startsAt) <= to)
    .sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
    .map((item) => {
      const begin = Math.max(from, Date.parse(item.startsAt)), end = Math.min(to, Date.parse(item.endsAt));
      const free = ends.findIndex((one) => one < begin), lane = free < 0 ? ends.length : free;
      ends[lane] = end + apart(item);
      return { item, from: begin, to: end, lane };
    });
}

// Where months begin in [from, to), by UTC's clocks.
export function monthsOf(from: number, to: number): { at: number; name: string }[] {
  const out: { at: number; name: string }[] = [];
  for (const at = new Date(from); at.getTime() < to; at.setUTCMonth(at.getUTCMonth() + 1, 1)) {
    at.setUTCHours(0, 0, 0, 0);
    if (at.getUTCDate() === 1) out.push({ at: at.getTime(), name: at.toLocaleString('en', { month: 'short', timeZone: 'UTC' }) });
  }
  return out;
}
