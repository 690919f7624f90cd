import type { Page } from '../../lib/route';

// A slot that was never worked has no execution: it is found by its own number.
export const page: Page[] = [
  { path: '/executions/:execution', title: 'Execution', load: () => import('./Execution') },
  { path: '/slots/:slot', title: 'Slot', load: () => import('./Execution') },
];
