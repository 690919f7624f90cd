// All pages: each folder of pages/ says in its page.ts where it is found and how it is reached.
import { find, type Match, type Page } from './lib/route';

const found = import.meta.glob<{ page: Page | Page[] }>('./pages/*/page.ts', { eager: true });
export const pages: Page[] = Object.keys(found).sort().flatMap((file) => found[file]?.page ?? []);

export const groups = [
  { id: 'now', title: 'Now' }, { id: 'plan', title: 'Plan' }, { id: 'past', title: 'Past' }, { id: 'service', title: 'Service' },
] as const;

// Those that have a way of their own, as the navigation shows them.
export const ways = groups.map((group) => ({
  ...group, pages: pages.filter((page) => page.nav?.group === group.id).sort((a, b) => (a.nav?.order ?? 0) - (b.nav?.order ?? 0)),
})).filter((group) => group.pages.length);

export const pageAt = (path: string): Match | null => find(pages, path);
