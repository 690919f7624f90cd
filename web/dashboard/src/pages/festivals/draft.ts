// A festival as its form holds it, and as the API takes it.
import type { Festival, Mistake } from '../../made/api';
import type { Palette } from './colours';

export interface Skin { name: string; background: string; text: string; border: string; image: string }
export interface Draft {
  name: string; type: string; country: string; priority: number; startsAt: string; endsAt: string;
  theme: { name: string; colors: Palette; dark: Palette };
  more: string; // the rest of the look, as JSON
  skins: Skin[];
  bonuses: Palette; // texts, as they are typed
  gifts: string; // one in each line
}
export type Body = Record<string, unknown>;

export const types = ['seasonal', 'cultural', 'special', 'anniversary'];
export const multipliers = [['giftMultiplier', 'Gifts', 5], ['coinMultiplier', 'Coins', 3], ['experienceMultiplier', 'Experience', 2]] as const;

const object = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {});
const texts = (value: unknown): Palette => Object.fromEntries(Object.entries(object(value)).map(([name, one]) => [name, String(one)]));
const said = (palette: Palette) => Object.fromEntries(Object.entries(palette).filter(([, value]) => value.trim() !== ''));

function skinOf(value: unknown): Skin {
  const { name = '', background = '', text = '', border = '', image = '' } = typeof value === 'string' ? { name: value } : texts(value);
  return { name, background, text, border, image };
}

export function draftOf(festival: Partial<Festival>): Draft {
  const { name = '', colors, dark, ...more } = object(festival.theme);
  return {
    name: festival.name ?? '', type: festival.type ?? 'cultural', country: festival.country ?? 'GLOBAL', priority: festival.priority ?? 0,
    startsAt: festival.startsAt ?? '', endsAt: festival.endsAt ?? '',
    theme: { name: String(name), colors: texts(colors), dark: texts(dark) },
    more: Object.keys(more).length ? JSON.stringify(more, null, 2) : '',
    skins: (Array.isArray(festival.skins) ? festival.skins : []).map(skinOf),
    bonuses: texts(festival.bonuses), gifts: (festival.gifts ?? []).join('\n'),
  };
}

// Null where it is no JSON object; that is told at its field.
export function moreOf(text: string): Record<string, unknown> | null {
  if (!text.trim()) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : null;
  } catch { return null; }
}

function themeOf(draft: Draft): Record<string, unknown> {
  const { name, colors, dark } = draft.theme, own = said(colors), night = said(dark);
  return {
    ...(name.trim() ? { name: name.trim() } : {}), ...(Object.keys(own).length ? { colors: own } : {}),
    ...(Object.keys(night).length ? { dark: night } : {}), ...moreOf(draft.more),
  };
}

// A skin that is a name alone is written as such.
function skinBody(skin: Skin): unknown {
  const all = said({ ...skin });
  return Object.keys(all).length === 1 && all.name ? all.name : all;
}

export function bodyOf(draft: Draft): Body {
  const { name, type, country, priority, startsAt, endsAt } = draft;
  const bonuses = Object.fromEntries(Object.entries(said(draft.bonuses)).map(([key, value]) => [key, Number.isFinite(Number(value)) ? Number(value) : value]));
  return {
    name: name.trim(), type, country: country.trim(), priority, startsAt, endsAt, theme: themeOf(draft), skins: draft.skins.map(skinBody), bonuses,
    gifts: draft.gifts.split('\n').map((one) => one.trim()).filter(Boolean),
  };
}

// What a festival is, as one would write it.
export const written = (festival: Partial<Festival>) => bodyOf(draftOf(festival));

// The same whatever order their members have.
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => `${JSON.stringify(key)}:${plain(one)}`).join()}}`;
}
const same = (a: unknown, b: unknown) => plain(a) === plain(b);

export interface Difference { where: string; before: string; after: string }
const shown = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : plain(value));

// Member by member, and within the look once more.
export function differences(before: Body, after: Body, path = ''): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const was = before[key], is = after[key], where = path + key;
    if (same(was, is)) return [];
    const deep = ['theme', 'theme.colors', 'theme.dark', 'bonuses'].includes(where);
    return deep ? differences(object(was), object(is), `${where}.`) : [{ where, before: shown(was), after: shown(is) }];
  });
}

// Mine on top of theirs: members that I did not touch are as they are now. `both`: those that each changed otherwise.
export function merged(base: Body, mine: Body, theirs: Body): { body: Body; both: string[] } {
  const body: Body = {}, both: string[] = [];
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const touched = !same(mine[key], base[key]);
    body[key] = touched ? mine[key] : theirs[key];
    if (touched && !same(theirs[key], base[key]) && !same(mine[key], theirs[key])) both.push(key);
  }
  return { body, both };
}

export const within = (where: string, path: string) => where === path || where.startsWith(`${path}.`) || where.startsWith(`${path}[`);
export const at = (problems: Mistake[], path: string) => problems.filter((one) => within(one.where, path));

const fields = ['name', 'type', 'country', 'priority', 'startsAt', 'endsAt', 'theme', 'skins', 'bonuses', 'gifts'];
export const nowhere = (problems: Mistake[]) => problems.filter((one) => !fields.some((field) => within(one.where, field)));
// Of the look, what is neither a name nor a colour.
export const ofMore = (problems: Mistake[]) => at(problems, 'theme').filter((one) => !['theme.name', 'theme.colors', 'theme.dark'].some((path) => within(one.where, path)));
