import type { Page } from '../../lib/route';

export const page: Page = {
  path: '/', title: 'Overview', nav: { group: 'now', order: 1, icon: 'overview', key: 'o' }, load: () => import('./Overview'),
};
