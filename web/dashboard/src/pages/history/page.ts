import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/history', title: 'History', nav: { group: 'past', order: 1, icon: 'history', key: 'h' }, load: () => import('./History') },
  { path: '/history/trends', title: 'Trends', load: () => import('./Trends') },
];
