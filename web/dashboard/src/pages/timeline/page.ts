import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/timeline', title: 'Time line', nav: { group: 'now', order: 3, icon: 'timeline', key: 't' }, load: () => import('./Timeline') },
  { path: '/timeline/agenda', title: 'Agenda', load: () => import('./Agenda') },
];
