import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/festivals', title: 'Festivals', nav: { group: 'plan', order: 3, icon: 'festivals', key: 'f' }, load: () => import('./Festivals') },
  { path: '/festivals/new', title: 'New festival', right: 'festivals', load: () => import('./One') },
  { path: '/festivals/:festival', title: 'Festival', load: () => import('./One') },
];
