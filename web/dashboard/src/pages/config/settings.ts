// The settings in force, narrowed down and in their sections.
import type { Setting } from '../../made/api';

export const sources = ['default', 'file', 'environment', 'live', 'command line'] as const;
export type Source = typeof sources[number];

// Of the words that the API says: "default", "hotclock.toml:3:12" (a profile's table is in a file, too),
// "HOTCLOCK_LOG__LEVEL", "live change 12 by asha", "--database".
export function sourceOf(origin: string): Source {
  if (origin === 'default' || origin === '') return 'default';
  if (origin.startsWith('live ')) return 'live';
  if (origin.startsWith('--')) return 'command line';
  return /^[A-Z][A-Z0-9_]*$/.test(origin) ? 'environment' : 'file';
}

export interface Filter { words: string; changed: boolean; source: string }

export function narrowed(settings: Setting[], { words, changed, source }: Filter): Setting[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((one) => {
    const from = sourceOf(one.origin);
    if (changed && from === 'default') return false;
    if (source && from !== source) return false;
    const text = `${one.key} ${one.value} ${one.origin}`.toLowerCase();
    return parts.every((part) => text.includes(part));
  });
}

export interface Section { name: string; settings: { name: string; setting: Setting }[] }

// "jobs.og-daily-bonus.settings.x" stands in jobs.og-daily-bonus as settings.x, "log.level" in log as level.
export function sections(settings: Setting[]): Section[] {
  const out = new Map<string, Section>();
  for (const setting of settings) {
    const parts = setting.key.split('.');
    const deep = parts.length > 2 && (parts[0] === 'jobs' || parts[0] === 'queues' || parts[0] === 'alerts') ? 2 : 1;
    const name = parts.length > 1 ? parts.slice(0, deep).join('.') : 'general';
    const section = out.get(name) ?? { name, settings: [] };
    section.settings.push({ name: parts.length > 1 ? parts.slice(deep).join('.') : setting.key, setting });
    out.set(name, section);
  }
  return [...out.values()];
}
