import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/alerts', title: 'Alerts', nav: { group: 'now', order: 4, icon: 'alerts', key: 'a' }, load: () => import('./Alerts') },
  { path: '/alerts/silences', title: 'Silences', load: () => import('./Silences') },
  { path: '/alerts/rules', title: 'Alert rules', load: () => import('./Rules') },
];
