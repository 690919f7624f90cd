// What a change changed, as lines somebody reads: the members that differ, before and after.
export interface Line { name: string; was: string; became: string }

type Members = Map<string, string>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function members(value: unknown, name: string, out: Members): Members {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) members(inner, name ? `${name}.${key}` : key, out);
  } else if (value !== null && value !== undefined && value !== '') out.set(name, asText(value));
  return out;
}

const ofTheFiles = 'by the files'; // no live change is in force

// JSON, or "key = value" lines or behind commas, or a text of its own.
function read(text: string): Members {
  if (!text) return new Map();
  try {
    return members(JSON.parse(text), '', new Map());
  } catch {
    const lines = text.split(/\n|, (?=[\w.-]+ = )/).map((line) => /^\s*([\w.-]+)\s*[=:]\s*(.*)$/.exec(line));
    if (lines.every(Boolean)) return new Map(lines.map((found) => [found?.[1] ?? '', found?.[2] ?? '']));
    return new Map([['', text]]);
  }
}

// Each member that the other side sets, the files say.
const filesBeside = (other: string): Members => new Map([...read(other).keys()].map((name) => [name, ofTheFiles]));

export function difference(was: string, became: string): Line[] {
  const before = was === ofTheFiles ? filesBeside(became) : read(was), after = became === ofTheFiles ? filesBeside(was) : read(became);
  return [...new Set([...before.keys(), ...after.keys()])].sort()
    .map((name) => ({ name, was: before.get(name) ?? '', became: after.get(name) ?? '' }))
    .filter((line) => line.was !== line.became);
}
// In one line, for lists: "priority 5 → 7, schedule …".
export function briefly(lines: Line[], most = 2): string {
  const said = lines.slice(0, most).map(({ name, was, became }) => `${name ? `${name} ` : ''}${was || '∅'} → ${became || '∅'}`).join(', ');
  return lines.length > most ? `${said} and ${lines.length - most} more` : said;
}

export interface Asked { who?: string; what?: string; job?: string; outcome?: string; since?: string }
export function asked(word: (name: string) => string): Asked {
  const since = Date.parse(word('since'));
  return { who: word('who'), what: word('what'), job: word('job'), outcome: ['done', 'refused'].includes(word('outcome')) ? word('outcome') : '', since: Number.isNaN(since) ? '' : new Date(since).toISOString() };
}

export const refused = (outcome: string) => outcome !== 'done';

// Of JSON lines as they came: the number of the last, for the page that follows; undefined where fewer came than may.
export function lastNumber(text: string, most: number): string | undefined {
  const lines = text.trimEnd().split('\n');
  if (lines.length < most) return undefined;
  try { return String((JSON.parse(lines.at(-1) ?? '') as { number: unknown }).number); } catch { return undefined; }
}
