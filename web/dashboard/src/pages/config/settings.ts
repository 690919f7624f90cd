// The settings in force, narrowed down and in their sections.
import type { Setting } from '../../made/api';

export type Source = 'default' | 'file' | 'profile' | 'environment' | 'live' | 'command line';

// Where a value comes from, of the words that the API says: "default", "hotclock.toml:3:12", "HOTCLOCK_LOG__LEVEL",
// "live change 12 by asha", "[env.production] of hotclock.toml:9:1", "--database".
export function sourceOf(origin: string): Source {
  if (origin === 'default' || origin === '') return 'default';
  if (origin.startsWith('live ')) return 'live';
  if (origin.startsWith('--')) return 'command line';
  if (/^(the )?environment|^HOTCLOCK_|\$HOTCLOCK_/.test(origin)) return 'environment';
  return origin.includes('[env.') || origin.includes('profile') ? 'profile' : 'file';
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
