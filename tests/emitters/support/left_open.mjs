// For support_test.mjs: a test that fails while a server is open that nobody closes.
import { createServer } from 'node:http';
import { it } from 'node:test';
import { leavesNothingOpen } from './leftovers.mjs';

leavesNothingOpen(200);
it('leaves a server open', () => {
  createServer().listen(0, '127.0.0.1');
  throw new Error('and fails');
});
