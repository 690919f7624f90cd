import type { Page } from '../../lib/route';

export const page: Page = {
  path: '/clients', title: 'Clients', right: 'clients', nav: { group: 'service', order: 2, icon: 'clients', key: 'c' }, load: () => import('./Clients'),
};
