// Instants and spans of time in words. Every time that a page shows comes through here, and always names its zone.
export type ZoneChoice = 'browser' | 'utc' | 'job';

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

// `of`: the zone of the job that the time belongs to, where it belongs to one.
export function zoneFor(choice: ZoneChoice, of?: string): string {
  if (choice === 'utc') return 'UTC';
  return choice === 'job' && of ? of : browserZone;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string): Intl.DateTimeFormat {
  let one = formats.get(zone);
  if (!one) {
    one = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short',
      hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'shortOffset',
    });
    formats.set(zone, one);
  }
  return one;
}

export interface Reading { day: string; weekday: string; clock: string; seconds: string; offset: string; zone: string }

export function read(instant: number, zone: string): Reading {
  const parts = Object.fromEntries(format(zone).formatToParts(instant).map(({ type, value }) => [type, value]));
  const offset = parts.timeZoneName === 'GMT' ? '+00:00' : padded(parts.timeZoneName ?? '');
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`, weekday: parts.weekday ?? '', clock: `${parts.hour}:${parts.minute}`,
    seconds: parts.second ?? '', offset, zone,
  };
}

// "GMT+5:30" as "+05:30".
function padded(name: string): string {
  const found = /([+-−])(\d{1,2})(?::(\d{2}))?/.exec(name);
  if (!found) return '+00:00';
  return `${found[1] === '−' ? '-' : found[1]}${(found[2] ?? '').padStart(2, '0')}:${found[3] ?? '00'}`;
}

// "Sydney", "UTC", "New York": what is left of a zone's name where there is little room.
export const shortZone = (zone: string) => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

export interface TimeLook { zone: string; now: number; seconds?: boolean; date?: boolean | 'auto' }

// "2026-11-26 14:05 Sydney"; the day is left out where it is today there, unless `date` says otherwise.
export function exact(instant: number, { zone, now, seconds = false, date = 'auto' }: TimeLook): string {
  const at = read(instant, zone);
  const withDay = date === 'auto' ? at.day !== read(now, zone).day : date;
  return `${withDay ? `${at.day} ` : ''}${at.clock}${seconds ? `:${at.seconds}` : ''} ${shortZone(zone)}`;
}

// For titles: nothing left out, and UTC beside it.
export function complete(instant: number, zone: string): string {
  const at = read(instant, zone);
  const utc = new Date(instant).toISOString().replace('.000Z', 'Z');
  return `${at.weekday} ${at.day} ${at.clock}:${at.seconds} ${at.offset} ${zone}${zone === 'UTC' ? '' : ` (${utc})`}`;
}

const second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

// "850 ms", "4.2 s", "3 min 20 s", "2 h 05 min", "3 d 4 h"
export function span(ms: number): string {
  if (ms < 0) return `−${span(-ms)}`;
  if (ms < minute && ms % second === 0) return `${ms / second} s`;
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min${ms < 10 * minute ? ` ${Math.floor((ms % minute) / second)} s` : ''}`;
  if (ms < day) return `${Math.floor(ms / hour)} h ${String(Math.floor((ms % hour) / minute)).padStart(2, '0')} min`;
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`;
}

// What settings say is round: "1 min", not "1 min 0 s".
export const round = (ms: number): string => span(ms).replace(/ 0+ (s|min|h)$/, '');

// One unit alone, so that it changes seldom: "in 3 min", "2 h ago", "now".
export function relative(instant: number, now: number): string {
  const away = Math.abs(instant - now);
  if (away < second) return 'now';
  const words = away < minute ? `${Math.floor(away / second)} s` : away < hour ? `${Math.floor(away / minute)} min`
    : away < 2 * day ? `${Math.floor(away / hour)} h` : `${Math.floor(away / day)} d`;
  return instant > now ? `in ${words}` : `${words} ago`;
}

export const millis = (text: string) => Date.parse(text);
