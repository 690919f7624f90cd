import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/audit', title: 'Audit', nav: { group: 'past', order: 2, icon: 'audit', key: 'u' }, right: 'audit', load: () => import('./Audit') },
  { path: '/audit/auditor', title: 'Auditor', right: 'audit', load: () => import('./Auditor') },
];
