// A file of tests that leaves a connection or a server open would never end, and nobody would read which test failed.
// What it raised must not outlive it.
import { spawn } from 'node:child_process';
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

// A program that the system kills as this process ends, however it ends: one that throws while it loads a file of tests
// calls no hook and no listener.
export const fallsWithUs = (program, words, options) => spawn('setpriv', ['--pdeathsig', 'KILL', program, ...words], options);
