// A node: the program as an operator starts it, on a port of its own that it keeps over restarts.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fallsWithUs } from '../../emitters/support/leftovers.mjs';
import { freePort } from '../../emitters/support/redis.mjs';
import { comesTrue } from '../../emitters/support/waiting.mjs';

const program = process.env.HOTCLOCK;

// A directory for databases, settings and keys, gone with the test.
export class Place {
  constructor() { this.directory = mkdtempSync(join(tmpdir(), 'hotclock-realtime-')); }
  file(name, content) {
    const path = join(this.directory, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  }
  get sqlite() { return `sqlite:${this.file('hotclock.db')}`; }
  remove() { rmSync(this.directory, { recursive: true, force: true }); }
}

const surroundings = (more) => ({ PATH: process.env.PATH, HOME: process.env.HOME, ...more });

// A command that ends by itself; what it said.
export function hotclock(database, ...words) {
  return execFileSync(program, ['--database', database, '--log-level', 'error', ...words],
    { encoding: 'utf8', env: surroundings(), stdio: ['ignore', 'pipe', 'pipe'] });
}

const toml = (value) => (Array.isArray(value) ? `[${value.map(toml).join(', ')}]` : JSON.stringify(value));
const table = (name, values) => `[${name}]\n${Object.entries(values).map(([key, value]) => `${key} = ${toml(value)}\n`).join('')}`;

// All clients of a test come from one address.
const roomy = { connections_per_address: 100_000, connections_per_address_a_minute: 1_000_000, connections_per_user_a_minute: 1_000_000, messages_a_minute: 1_000_000 };

export class Node {
  // `realtime`, `sinks`, `api`: what hotclock.toml says there. `counts`: it tells Prometheus. `limit`: words of
  // ulimit that it is started under.
  constructor(place, database, { name = 'a', realtime = {}, sinks = {}, api = {}, environment = {}, level = 'info', counts = false, limit = '' } = {}) {
    Object.assign(this, { place, database, name, realtime, sinks, api, environment, level, counts, limit });
  }

  async start() {
    this.port ??= await freePort();
    if (this.counts) this.numbers_port ??= await freePort();
    const settings = this.place.file(`${this.name}.toml`, [
      `node = "${this.name}"\n`,
      table('api', { port: 0, ...this.api }),
      table('metrics', { enabled: this.counts, port: this.numbers_port ?? 0 }),
      table('realtime', { ...roomy, port: this.port, ...this.realtime }),
      ...Object.entries(this.sinks).map(([name, sink]) => table(`sinks.${name}`, sink)),
    ].join('\n'));
    this.words = '';
    const words = ['--config', settings, '--database', this.database, '--log-level', this.level, 'serve'];
    const started = this.limit ? ['sh', '-c', `ulimit ${this.limit} && exec "$0" "$@"`, program, ...words] : [program, ...words];
    this.process = fallsWithUs(started[0], started.slice(1),
      { env: surroundings(this.environment), stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => { this.words += text; });
    await comesTrue(() => this.says('clients may connect') && (!this.counts || this.says('numbers for Prometheus')), () => `node ${this.name} serves: ${this.words}`, 30_000);
    return this;
  }

  get runs() { return this.process && this.process.exitCode === null && this.process.signalCode === null; }
  get url() { return `http://127.0.0.1:${this.port}`; }

  // The number that Prometheus is told under this name.
  async number(name) {
    const page = await (await fetch(`http://127.0.0.1:${this.numbers_port}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(page)?.[1]);
  }

  says(text) {
    if (!this.runs) throw new Error(`node ${this.name} ended: ${this.words}`);
    return this.words.includes(text);
  }

  async end(signal) {
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    return (await ended)[0];
  }
  kill() { return this.end('SIGKILL'); }
  async stop() {
    if (!this.runs) return;
    const code = await this.end('SIGTERM');
    if (code !== 0) throw new Error(`node ${this.name} ended with ${code}: ${this.words}`);
  }
  async restart() { await this.stop(); await this.start(); }
  freeze() { this.process.kill('SIGSTOP'); }
  thaw() { this.process.kill('SIGCONT'); }
}
