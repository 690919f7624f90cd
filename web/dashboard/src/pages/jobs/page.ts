import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/jobs', title: 'Jobs', nav: { group: 'now', order: 2, icon: 'jobs', key: 'j' }, load: () => import('./Jobs') },
  { path: '/jobs/:job', title: 'Job', load: () => import('./Job') },
];
