// The emitter under test: a process that publishes jobs, one after the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

// Buffers as emit_jobs reads them.
function written(value) {
  if (Buffer.isBuffer(value)) return { $b64: value.toString('base64') };
  if (Array.isArray(value)) return value.map(written);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, written(v)]));
  return value;
}

export class EmitJobs {
  constructor(environment) {
    this.waiting = [];
    this.process = spawn(process.env.EMIT_JOBS, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift()(line));
    this.process.on('exit', () => { for (const answer of this.waiting.splice(0)) answer('err the emitter ended'); });
  }

  // "ok", or "err ..." and why.
  try(job) {
    return new Promise((answer) => {
      this.waiting.push(answer);
      this.process.stdin.write(`${JSON.stringify({ ...job, args: job.args && written(job.args) })}\n`);
    });
  }

  async publish(job) {
    const answer = await this.try(job);
    if (answer !== 'ok') throw new Error(`${JSON.stringify(job).slice(0, 200)}: ${answer}`);
  }

  async stop() {
    const ended = once(this.process, 'exit');
    this.process.stdin.end();
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`emit_jobs ended with ${code ?? signal}`);
  }
}
