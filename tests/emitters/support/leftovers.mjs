// A file of tests that leaves a connection or a server open would never end, and nobody would read which test failed.
import { after } from 'node:test';

// Ends the process with a failure where it still runs `limit` ms after the tests of its file, and says what is open.
export function leavesNothingOpen(limit = 30_000) {
  after(() => {
    setTimeout(() => {
      console.error(`still open ${limit} ms after the tests: ${process.getActiveResourcesInfo().join(', ')}`);
      process.exit(1);
    }, limit).unref();
  });
}
