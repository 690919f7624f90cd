// What the other tests wait by has an end itself, and says what it waited for.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { EmitJobs } from './support/emit_jobs.mjs';
import { leavesNothingOpen } from './support/leftovers.mjs';
import { comesTrue, endAll, within } from './support/waiting.mjs';

leavesNothingOpen();
const never = () => new Promise(() => {});

describe('waiting', () => {
  it('gives what comes in time', async () => {
    assert.equal(await within(Promise.resolve('it'), 'it comes'), 'it');
    assert.equal(await comesTrue(async () => 'true', 'it is true'), 'true');
  });

  it('names what did not come', async () => {
    await assert.rejects(within(never(), 'the reply comes', 20), /not within 20 ms: the reply comes/);
    await assert.rejects(comesTrue(() => false, () => 'all have heard', 20), /did not come true in 20 ms: all have heard/);
  });

  it('ends where the condition itself never answers', async () => {
    await assert.rejects(comesTrue(never, 'the database is asked', 20), /the database is asked/);
  });

  it('passes a failure on at once', async () => {
    await assert.rejects(within(Promise.reject(new Error('refused')), 'it comes'), /refused/);
    await assert.rejects(comesTrue(() => { throw new Error('it is gone'); }, 'it answers'), /it is gone/);
  });

  it('ends all, though one cannot be ended', async () => {
    const ended = [];
    const ends = endAll(() => ended.push('first'), () => { throw new Error('the second stays'); }, async () => ended.push('third'));
    await assert.rejects(ends, /the second stays/);
    assert.deepEqual(ended, ['first', 'third']);
  });
});

describe('an emitter', () => {
  const job = { adapter: 'redis', args: ['news'] };

  it('that never answers is told with the job, and is stopped', async () => {
    const emitter = new EmitJobs({}, ['sleep', '3600']);
    await assert.rejects(emitter.publish(job, 50), /not within 50 ms: the emitter answers to .*"news"/);
    await assert.rejects(emitter.stop(50), /not within 50 ms: the emitter ends/);
    assert.equal(await within(emitter.end, 'it is killed'), 'SIGKILL');
  });

  it('that answers late does not answer another job', async (t) => {
    const answers = 'read -r _; read -r _; echo err first; echo ok; read -r _';
    const emitter = new EmitJobs({}, ['bash', '-c', answers]);
    t.after(() => emitter.stop().catch(() => {}));
    await assert.rejects(emitter.try(job, 50), /not within/);
    assert.equal(await emitter.try(job), 'ok');
  });

  it('that ended says so to whoever waits and to whoever comes, and can be stopped', async () => {
    const emitter = new EmitJobs({}, ['bash', '-c', 'read -r _; exit 3']);
    assert.equal(await emitter.try(job), 'err the emitter ended');
    assert.equal(await emitter.try(job), 'err the emitter ended');
    await assert.rejects(emitter.stop(), /ended with 3/);
  });
});

// What such a file said, and its code, by itself.
async function ends(t, name) {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const run = spawn(process.execPath, [new URL(`./support/${name}.mjs`, import.meta.url).pathname], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => run.kill('SIGKILL'));
  let words = '';
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (text) => { words += text; });
  const [code] = await within(once(run, 'close'), () => `the file ends: ${words}`);
  return { code, words };
}

it('a file whose test fails and leaves something open ends, and says so', async (t) => {
  const { code, words } = await ends(t, 'left_open');
  assert.equal(code, 1);
  assert.match(words, /not ok 1 - leaves a server open|✖ leaves a server open/);
  assert.match(words, /still open 200 ms after the tests: .*TCPServerWrap/);
});

it('what a file raised falls with it, though it throws while it is loaded', async (t) => {
  const { code, words } = await ends(t, 'throws');
  assert.notEqual(code, 0);
  assert.match(words, /and throws/);
  const raised = Number(/raised (\d+)/.exec(words)?.[1]);
  await comesTrue(() => !existsSync(`/proc/${raised}`), () => `process ${raised} ends`);
});
