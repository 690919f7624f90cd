// What is looked for: as words in one box, as an address, and as the API asks for it.
import { span } from '../../lib/time';
import type { End, SearchedPlace, State, Trigger } from '../../made/api';

export const ends: End[] = ['completed', 'completed_with_errors', 'failed', 'timed_out', 'cancelled', 'refused', 'missed'];
export const states: State[] = ['due', 'waiting', 'running', 'unknown', 'ended'];
export const triggers: Trigger[] = ['schedule', 'catch_up', 'early', 'manual', 'backfill'];
export const places: { id: SearchedPlace; title: string }[] = [{ id: 'reasons', title: 'Reasons' }, { id: 'set_aside', title: 'Set aside' }, { id: 'logs', title: 'Logs' }];

// As they are written in the box, and stand in the address.
export const words = {
  job: 'its name', end: 'how it ended', state: 'how it stands', trigger: 'why it was there', node: 'who worked it', queue: 'where it waited',
  requested_by: 'who asked for it', longer: 'took so long or longer: 90s, 5min, 1h', since: '24h, 7d, 2026-11-24', until: '24h, 2026-11-24',
} as const;
export type Word = keyof typeof words;
export const wordNames = Object.keys(words) as Word[];
export type Filter = Partial<Record<Word, string>> & { q?: string };

const isWord = (name: string): name is Word => name in words;
const quoted = (value: string) => (/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value);

// What stands in quotes, or, named, looks like a word of ours and is none; http://x and 10:05 do not.
const strange = /(?<!\S)(?:"[^"]*"?|([a-z_]+):(?![/:])(?:"[^"]*"?|\S+))/gi;

// "job:pay end:failed the bank" and back. In quotes "code:3" is looked for as it stands.
export function parse(text: string): Filter {
  const filter: Filter = {}, rest: string[] = [];
  for (const [all, name = '', whole, plain] of text.matchAll(/(?:(\w+):)?(?:"([^"]*)"?|(\S+))/g)) {
    const value = (whole ?? plain ?? '').trim();
    if (isWord(name) && value) filter[name] = value;
    else if (!isWord(name) && !(name === '' && isWord(value.replace(/:$/, '')) && value.endsWith(':'))) rest.push(name || value.includes(':') ? all : value);
  }
  if (rest.length) filter.q = rest.join(' ');
  return filter;
}
export function written(filter: Filter): string {
  return [...wordNames.flatMap((name) => (filter[name] ? [`${name}:${quoted(filter[name])}`] : [])), ...(filter.q ? [filter.q] : [])].join(' ');
}
export function filterOf(word: (name: string) => string): Filter {
  const filter = parse(word('q'));
  for (const name of wordNames) if (word(name)) filter[name] = word(name);
  return filter;
}
// Words for an address: those that are not said go from it.
export const addressed = (filter: Filter): Record<string, string | null> => Object.fromEntries([...wordNames, 'q' as const].map((name) => [name, filter[name] ?? null]));

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

// "5min", "90s", "1500ms": milliseconds; NaN where it is none.
export function lengthOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim().toLowerCase()) ?? [];
  return Number(number || NaN) * (units[unit] ?? NaN);
}
// An instant, or so long before now; NaN where it is neither.
export function instantOf(text: string, now: number): number {
  const before = /[a-z]$/i.test(text) && !/z$/i.test(text) ? lengthOf(text) : NaN;
  return Number.isNaN(before) ? Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text) : now - before;
}

export interface Mistake { word: Word | 'q'; text: string }

// How many letters are other ones, too many or too few.
function apart(a: string, b: string): number {
  let row = [...b, ''].map((_, at) => at);
  for (const [i, letter] of [...a].entries())
    row = row.reduce<number[]>((next, up, j) => [...next, j ? Math.min(up + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + Number(letter !== b[j - 1])) : i + 1], []);
  return row.at(-1) ?? 0;
}
function noSuch(name: string): string {
  const meant = wordNames.find((one) => apart(name.toLowerCase(), one) < Math.min(3, one.length - 1));
  return `there is no ${name}:; ${meant ? `${meant}: is meant?` : `there are ${wordNames.map((one) => `${one}:`).join(' ')}.`} In quotes it is looked for as it stands`;
}
const strangers = (q: string) => [...new Set([...q.matchAll(strange)].flatMap(([, name]) => name ?? []))];
// What is looked for in texts: without quotes, and without what is a mistake.
export const soughtOf = ({ q = '' }: Filter) => q.replace(strange, (all, name?: string) => (name ? '' : all)).replaceAll('"', '').trim().replace(/\s+/g, ' ');

// Why nothing is done to more than is meant.
export const mended = 'Mend what is a mistake in what is looked for first: it would be more than is meant.';

// What of it cannot be asked for, in words.
export function mistakes(filter: Filter, now: number): Mistake[] {
  const of = (word: Word, wrong: boolean, text: string): Mistake[] => (filter[word] && wrong ? [{ word, text }] : []);
  const among = (word: Word, all: string[]) => of(word, !all.includes(filter[word] ?? ''), `${word}: one of ${all.join(', ')}`);
  return [...among('end', ends), ...among('state', states), ...among('trigger', triggers),
    ...of('longer', Number.isNaN(lengthOf(filter.longer ?? '')), /^[\d.]+$/.test(filter.longer ?? '') ? `longer: ${filter.longer} of what? ${filter.longer}s is meant?` : 'longer: a length such as 90s or 5min'),
    ...(['since', 'until'] as const).flatMap((word) => of(word, Number.isNaN(instantOf(filter[word] ?? '', now)), `${word}: 24h, 7d, or an instant such as 2026-11-24 or 2026-11-24T18:00Z`)),
    ...strangers(filter.q ?? '').map((name) => ({ word: 'q' as const, text: noSuch(name) }))];
}

// As GET /slots, /history/count and /history/export ask. What is a mistake is left out.
export function asked(filter: Filter, now: number) {
  const wrong = new Set(mistakes(filter, now).map((one) => one.word));
  const text = (word: Word) => (filter[word] && !wrong.has(word) ? filter[word] : undefined);
  const instant = (word: 'since' | 'until') => (text(word) ? new Date(instantOf(filter[word] ?? '', now)).toISOString() : undefined);
  return { job: text('job'), end: text('end') as End | undefined, state: text('state') as State | undefined, trigger: text('trigger') as Trigger | undefined,
    node: text('node'), queue: text('queue'), requested_by: text('requested_by'), longer_than_ms: text('longer') ? Math.round(lengthOf(filter.longer ?? '')) : undefined,
    since: instant('since'), until: instant('until') };
}
// What was asked, in words: for whoever acts on it.
export const told = (narrowed: Partial<ReturnType<typeof asked>>) => Object.entries(narrowed).filter(([, value]) => value !== undefined)
  .map(([word, value]) => (word === 'longer_than_ms' ? `longer:${span(Number(value))}` : `${word}:${value}`)).join(' ');
// Words of the past are looked for in ranges and jobs alone: what else narrows nothing then.
export const ignored = (filter: Filter): Word[] => wordNames.filter((name) => filter[name] && !['job', 'since', 'until'].includes(name));

// A slot that was never worked has no execution: it is found by its own number.
export const leadsTo = (slot: string, execution: string) => (execution ? `/executions/${execution}` : `/slots/${slot}`);

export interface Known { jobs: string[]; nodes: string[]; queues: string[]; people: string[] }
export interface Suggestion { text: string; hint: string }

// What may be meant by the word at the caret, and where that word stands.
export function suggest(text: string, caret: number, known: Known): { from: number; items: Suggestion[] } {
  const from = text.lastIndexOf(' ', caret - 1) + 1, typed = text.slice(from, caret).toLowerCase();
  const [, name = '', value = ''] = /^(\w+):"?(.*)$/.exec(typed) ?? [];
  if (isWord(name)) {
    const values: Record<Word, string[]> = { job: known.jobs, end: ends, state: states, trigger: triggers, node: known.nodes, queue: known.queues, requested_by: known.people,
      longer: ['10s', '1min', '5min', '1h'], since: ['1h', '24h', '7d', '30d'], until: ['1h', '24h', '7d'] };
    return { from, items: values[name].filter((one) => one.toLowerCase().includes(value)).slice(0, 10).map((one) => ({ text: `${name}:${quoted(one)} `, hint: '' })) };
  }
  const keys = wordNames.filter((one) => one.startsWith(typed) && !text.includes(`${one}:`)).map((one) => ({ text: `${one}:`, hint: words[one] }));
  if (!typed) return { from, items: keys };
  const found = (values: string[], word: Word) => values.filter((one) => one.toLowerCase().includes(typed)).slice(0, 4).map((one) => ({ text: `${word}:${quoted(one)} `, hint: words[word] }));
  return { from, items: [...keys, ...found(known.jobs, 'job'), ...found(ends, 'end'), ...found(states, 'state')].slice(0, 10) };
}

// Whether a slot that a live list tells of belongs to what is shown.
export function fits(filter: Filter, slot: { job: string; state: string; ended: string | null; trigger: string; node: string; queue: string; requested_by: string; scheduled_for: string; started_at: string | null; ended_at: string | null }, now: number): boolean {
  const { longer_than_ms: longer = 0, since, until, ...same } = asked(filter, now), at = Date.parse(slot.scheduled_for);
  if (same.end && slot.ended !== same.end) return false;
  for (const name of ['job', 'state', 'trigger', 'node', 'queue', 'requested_by'] as const) if (same[name] && slot[name] !== same[name]) return false;
  if (longer && !(slot.started_at && slot.ended_at && Date.parse(slot.ended_at) - Date.parse(slot.started_at) >= longer)) return false;
  return (!since || at >= Date.parse(since)) && (!until || at < Date.parse(until));
}

// The parts of a text, with those that are words somebody looked for.
export function marked(text: string, q: string): { text: string; found: boolean }[] {
  const looked = q.toLowerCase().split(/[^\p{L}\p{N}*]+/u).filter((one) => one.replaceAll('*', ''));
  if (!looked.length) return [{ text, found: false }];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${looked.map((one) => one.replaceAll('*', '[\\p{L}\\p{N}]*')).join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const out: { text: string; found: boolean }[] = [];
  let from = 0;
  for (const { 0: hit, index } of text.matchAll(pattern)) {
    if (index > from) out.push({ text: text.slice(from, index), found: false });
    out.push({ text: hit, found: true });
    from = index + hit.length;
  }
  if (from < text.length) out.push({ text: text.slice(from), found: false });
  return out;
}
