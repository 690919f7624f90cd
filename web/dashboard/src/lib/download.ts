// Lines of the API as a file: those that it makes itself, page after page, and those of a list, walked to its end.
import { addressOf, fetched, problemOf } from './api';
import { csvOf } from './csv';
import type { Fetch } from './paged';

type Told = (lines: number) => void; // so far
export interface File {
  title: string;
  name: string;
  // `cut`: there was more than it took.
  make: (told: Told, signal: AbortSignal) => Promise<{ blob: Blob; cut?: boolean }>;
}

const most = 100_000, page = 500; // lines of a walk, and those of one page of it
const titles = { csv: 'Export CSV', jsonl: 'JSON lines' };
const both = (name: string, make: (format: keyof typeof titles) => File['make']): File[] =>
  (['csv', 'jsonl'] as const).map((format) => ({ title: titles[format], name: `${name}.${format}`, make: make(format) }));

// What a list shows: `fetch` is what it is paged by.
export const listed = (name: string, fetch: Fetch<object>): File[] => both(name, (format) => async (told, signal) => {
  const { items, cut } = await walk(fetch, told, signal);
  return { blob: new Blob([format === 'csv' ? csvOf(items) : items.map((item) => `${JSON.stringify(item)}\n`).join('')]), cut };
});

export async function walk<T>(fetch: Fetch<T>, told: Told, signal: AbortSignal): Promise<{ items: T[]; cut: boolean }> {
  const items: T[] = [];
  for (let cursor: string | undefined; ;) {
    const { value } = await fetch(cursor, signal, page);
    items.push(...value.items);
    told(items.length);
    if (!value.next || items.length > most) return { items: items.slice(0, most), cut: items.length > most };
    cursor = value.next;
  }
}

// Slots of the past.
export const exported = (name: string, query: () => object): File[] =>
  both(name, (format) => linesOf(() => addressOf('/history/export', {}, { ...query(), format, lines: 1000 })));

// Where Link leads on.
export const following = (header: string | null): string | undefined => /<([^>]+)>;\s*rel="?next"?/.exec(header ?? '')?.[1];

// What came is given to the browser piece by piece, so that a large one takes no room of the page's. `after`: where no
// Link leads on, the address of what follows a page.
export const linesOf = (address: () => string, after: (page: string) => string | undefined = () => undefined): File['make'] => async (told, signal) => {
  const pieces: Blob[] = [];
  let lines = 0;
  for (let next: string | undefined = address(); next;) {
    const response: Response = await fetched(next, { signal });
    if (!response.ok) throw await problemOf(response);
    const text = await response.text();
    pieces.push(new Blob([text]));
    told(lines += text.split('\n').length - 1);
    next = following(response.headers.get('Link')) ?? after(text);
  }
  return { blob: new Blob(pieces) };
};

export function save(blob: Blob, name: string) {
  const address = URL.createObjectURL(blob), link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
