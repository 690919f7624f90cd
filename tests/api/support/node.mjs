// A node: the program as an operator starts it, with its API on a port that it keeps over restarts.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fallsWithUs } from '../../emitters/support/leftovers.mjs';
import { comesTrue } from '../../emitters/support/waiting.mjs';

const program = process.env.HOTCLOCK;
const surroundings = (more) => ({ PATH: process.env.PATH, HOME: process.env.HOME, ...more });

// A directory for a database, settings and jobs, gone with the test.
export class Place {
  constructor() { this.directory = mkdtempSync(join(tmpdir(), 'hotclock-api-')); }
  file(name, content) {
    const path = join(this.directory, name);
    if (content !== undefined) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return path;
  }
  get sqlite() { return `sqlite:${this.file('hotclock.db')}`; }
  remove() { rmSync(this.directory, { recursive: true, force: true }); }
}

const toml = (value) => (Array.isArray(value) ? `[${value.map(toml).join(', ')}]` : JSON.stringify(value));
const table = (name, values) => `[${name}]\n${Object.entries(values).map(([key, value]) => `${key} = ${toml(value)}\n`).join('')}`;

// All that a test asks comes from one address.
const roomy = { reads_a_minute: 1_000_000, changes_a_minute: 1_000_000, attempts_a_minute: 1_000_000, streams: 1000 };

export class Node {
  // `settings`: what hotclock.toml says, by section.
  constructor(place, database, { name = 'a', settings = {}, environment = {} } = {}) {
    Object.assign(this, { place, database, name, settings, environment, words: '', port: 0 });
  }

  get config() { return this.place.file(`${this.name}.toml`); }
  writeSettings() {
    const { api, ...others } = this.settings;
    this.place.file(`${this.name}.toml`, [
      `node = "${this.name}"\n`,
      table('api', { ...roomy, port: this.port, ...api }),
      table('realtime', { port: 0, ...others.realtime }),
      ...Object.entries(others).filter(([section]) => section !== 'realtime').map(([section, values]) => table(section, values)),
    ].join('\n'));
  }

  // A command that ends by itself; what it said.
  command(...words) {
    return execFileSync(program, ['--config', this.config, '--database', this.database, '--log-level', 'error', ...words],
      { encoding: 'utf8', env: surroundings(this.environment), stdio: ['ignore', 'pipe', 'pipe'] });
  }

  // Returns when the API is served; the token that a first start prints is `token`.
  async start() {
    this.writeSettings();
    this.said = '';
    this.process = fallsWithUs(program, ['--config', this.config, '--database', this.database, '--log-level', 'info', 'serve'],
      { env: surroundings(this.environment), cwd: this.place.directory, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => { this.said += text; });
    const served = await comesTrue(() => this.finds(/the API is served at https?:\/\/127\.0\.0\.1:(\d+)\/api\/v1\n/), () => `node ${this.name} serves: ${this.said}`, 60_000);
    this.port = Number(served[1]);
    this.token = /shown this once: (\S+)\n/.exec(this.said)?.[1] ?? this.token;
    return this;
  }

  get runs() { return Boolean(this.process) && this.process.exitCode === null && this.process.signalCode === null; }
  get root() { return `http://127.0.0.1:${this.port}/api/v1`; }
  finds(pattern) {
    if (!this.runs) throw new Error(`node ${this.name} ended: ${this.said}`);
    return pattern.exec(this.said);
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
    if (code !== 0) throw new Error(`node ${this.name} ended with ${code}: ${this.said}`);
  }
  // For whatever became of it.
  async strike() { if (this.runs) await this.kill(); }
}
