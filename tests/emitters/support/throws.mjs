// For support_test.mjs: a file that throws while it is loaded, behind a program that it raised.
import { once } from 'node:events';
import { fallsWithUs, leavesNothingOpen } from './leftovers.mjs';

leavesNothingOpen(200);
const raised = fallsWithUs('sleep', ['3600'], { stdio: 'ignore' });
await once(raised, 'spawn');
console.log(`raised ${raised.pid}`);
throw new Error('and throws');
