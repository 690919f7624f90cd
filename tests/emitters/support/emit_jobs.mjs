// The emitter under test: a process that publishes jobs, one after the other.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { within } from './waiting.mjs';

// Buffers as emit_jobs reads them.
function written(value) {
  if (Buffer.isBuffer(value)) return { $b64: value.toString('base64') };
  if (Array.isArray(value)) return value.map(written);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, written(v)]));
  return value;
}

const ended = 'err the emitter ended';
const shortly = (job) => JSON.stringify(job).slice(0, 200);

export class EmitJobs {
  // `command`: another program that reads and answers lines.
  constructor(environment, command = [process.env.EMIT_JOBS]) {
    this.waiting = [];
    const [program, ...words] = command;
    this.process = spawn(program, words, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdin.on('error', () => {});  // it has ended, and whoever waits is told so
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift()(line));
    this.end = new Promise((done) => { this.process.on('close', (code, signal) => done(code ?? signal)); });
    this.end.then(() => { for (const answer of this.waiting.splice(0)) answer(ended); this.waiting = null; });
  }

  // "ok", or "err ..." and why. An answer that comes after the `limit` is nobody's.
  try(job, limit = 30_000) {
    if (!this.waiting) return Promise.resolve(ended);
    const answer = new Promise((come) => { this.waiting.push(come); });
    this.process.stdin.write(`${JSON.stringify({ ...job, args: job.args && written(job.args) })}\n`);
    return within(answer, () => `the emitter answers to ${shortly(job)}`, limit);
  }

  async publish(job, limit) {
    const answer = await this.try(job, limit);
    if (answer !== 'ok') throw new Error(`${shortly(job)}: ${answer}`);
  }

  async stop(limit = 30_000) {
    this.process.stdin.end();
    try {
      const how = await within(this.end, 'the emitter ends', limit);
      if (how !== 0) throw new Error(`emit_jobs ended with ${how}`);
    } finally { this.process.kill('SIGKILL'); }
  }
}
