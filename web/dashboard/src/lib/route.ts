// Addresses of pages: patterns such as /jobs/:job, as plain functions.
import type { ComponentType } from 'preact';

// It is given what :parameters of its path are; one without may leave that out.
export type PageComponent = ComponentType<{ parts: Record<string, string> }> | ComponentType<Record<string, never>>;

export interface Page {
  path: string; // "/jobs/:job"
  title: string; // of the window and, where `nav` is, of the way there
  nav?: { group: 'now' | 'plan' | 'past' | 'service'; order: number; icon: string; key?: string }; // key: `g` and it
  right?: string; // what looking at it takes beyond `look`
  load: () => Promise<{ default: PageComponent }>;
}

export interface Match { page: Page; parts: Record<string, string> }

export function fit(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean), given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const parts: Record<string, string> = {};
  for (const [at, word] of wanted.entries()) {
    const here = given[at] as string;
    if (word.startsWith(':')) parts[word.slice(1)] = decoded(here);
    else if (word !== here) return null;
  }
  return parts;
}

// Plain words go before parameters: /history/search is not the search "search".
export function find(pages: Page[], path: string): Match | null {
  const fits = pages.flatMap((page) => { const parts = fit(page.path, path); return parts ? [{ page, parts }] : []; });
  fits.sort((a, b) => Object.keys(a.parts).length - Object.keys(b.parts).length);
  return fits[0] ?? null;
}

function decoded(word: string): string {
  try { return decodeURIComponent(word); } catch { return word; }
}

export function link(pattern: string, parts: Record<string, string> = {}, query: Record<string, string | undefined> = {}): string {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const words = new URLSearchParams(Object.entries(query).filter((one): one is [string, string] => Boolean(one[1]))).toString();
  return words ? `${path}?${words}` : path;
}
