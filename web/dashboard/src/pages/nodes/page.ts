import type { Page } from '../../lib/route';

export const page: Page[] = [
  { path: '/nodes', title: 'Nodes and queues', nav: { group: 'service', order: 1, icon: 'nodes', key: 'n' }, load: () => import('./Nodes.svelte') },
  { path: '/queues', title: 'Nodes and queues', load: () => import('./Nodes.svelte') },
];
