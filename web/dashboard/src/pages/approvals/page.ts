import type { Page } from '../../lib/route';

export const page: Page = {
  path: '/approvals', title: 'Approvals', nav: { group: 'now', order: 5, icon: 'approvals', key: 'p' }, load: () => import('./Approvals'),
};
