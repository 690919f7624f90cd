import type { Page } from '../../lib/route';

export const page: Page = {
  path: '/config', title: 'Settings', nav: { group: 'service', order: 3, icon: 'config', key: 's' }, load: () => import('./Config'),
};
