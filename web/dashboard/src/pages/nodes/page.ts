import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/nodes', title: 'Nodes', nav: { group: 'service', order: 1, icon: 'nodes', key: 'n' }, load: () => import('./Nodes') },
  { path: '/queues', title: 'Queues', load: () => import('./Nodes') },
];
