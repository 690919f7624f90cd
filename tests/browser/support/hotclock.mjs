// The program as ./run starts it, with a demo database of its own in a directory that goes with it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fallsWithUs } from '../../emitters/support/leftovers.mjs';
import { comesTrue } from './waiting.mjs';

const program = process.env.HOTCLOCK;
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

export class Hotclock {
  // Whatever was started in a test ends with it.
  static async serves(test, { users = 100, streams = 20, demo = true } = {}) {
    const hotclock = new Hotclock();
    hotclock.demo = demo;
    test.after(() => hotclock.remove());
    hotclock.directory = mkdtempSync(join(tmpdir(), 'hotclock-browser-'));
    hotclock.file = join(hotclock.directory, 'demo.db');
    hotclock.command('demo', '--users', users, '--streams', streams);
    await hotclock.start();
    return hotclock;
  }

  get environment() { return { ...process.env, HOTCLOCK_API__PORT: '0', HOTCLOCK_DATABASE_URL: `sqlite:${this.file}`, HOTCLOCK_JOBS__OG_DAILY_BONUS__SECOND_PERSON: 'false' }; }
  get page() { return `http://127.0.0.1:${this.port}/demo/`; }

  // A command of hotclock's, to its end; what it printed.
  command(...words) {
    return execFileSync(program, words.map(String), { env: this.environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  // On the port that it had before, or a free one. Returns when clients may connect.
  async start() {
    this.said = '';
    const words = ['serve', '--port', String(this.port ?? 0), ...(this.demo ? ['--demo'] : [])];
    this.process = fallsWithUs(program, words, { env: this.environment, cwd: this.directory, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => { this.said += text; });
    const listening = await comesTrue(() => this.alive && /clients connect at http:\/\/127\.0\.0\.1:(\d+)\//.exec(this.said),
      () => `hotclock serves: ${this.said}`);
    this.port = Number(listening[1]);
  }

  get alive() { return this.process.exitCode === null && this.process.signalCode === null; }

  async end(signal) {
    if (!this.alive) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }

  // As if the machine had lost its power.
  kill() { return this.end('SIGKILL'); }

  async remove() {
    const served = this.process && this.alive;
    if (served) await this.end('SIGTERM');
    rmSync(this.directory, { recursive: true, force: true });
    if (served) assert.equal(this.process.exitCode, 0, this.said);
  }

  sql(text) { return execFileSync('sqlite3', ['-cmd', '.timeout 10000', this.file, text], { encoding: 'utf8' }).trim(); }

  // A throne that stands, and falls `seconds` from now; when that is.
  throne({ stream, username, coins = 1250, seconds }) {
    const now = Date.now(), due = now + seconds * 1000;
    this.sql(`INSERT INTO thrones (stream_id, user_id, username, total_gifts, total_coins, claimed_at, expires_at)
              VALUES (${stream}, 1, ${quoted(username)}, 1, ${coins}, ${now - 60_000}, ${due})`);
    return due;
  }

  // An event to whoever is in `room`, as a job posts it; to everybody where there is none.
  post(event, body, room = '') {
    this.sql(`INSERT INTO outbox (created_at, event, rooms, payload, execution_id)
              VALUES (${Date.now()}, ${quoted(event)}, ${quoted(room)}, ${quoted(JSON.stringify(body))}, '')`);
  }

  // When the job posted the event whose body holds `words`.
  posted(event, words) {
    return Number(this.sql(`SELECT created_at FROM outbox WHERE event = ${quoted(event)} AND instr(payload, ${quoted(words)})`));
  }

  // Somebody whom og-daily-bonus pays, and how much a day.
  holder() {
    const found = this.sql(`SELECT u.id || ' ' || (t.price_coins * 3 / (t.duration_days * 5)) FROM users u
                              JOIN og_tiers t ON t.tier = u.og_level
                             WHERE u.is_banned = 0 AND u.og_expires_at > ${Date.now() + 86_400_000} ORDER BY u.id LIMIT 1`);
    const [user, amount] = found.split(' ').map(Number);
    return { user, amount };
  }
}
