import type { Page } from '../../lib/route';

export const page: Page = {
  path: '/tokens', title: 'Tokens', nav: { group: 'service', order: 4, icon: 'tokens', key: 'k' }, right: 'tokens', load: () => import('./Tokens'),
};
