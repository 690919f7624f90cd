// A database of the test's own on the PostgreSQL server that the tests of a run share (tests/postgres).
import { readFileSync } from 'node:fs';
import { Pool } from './packages.mjs';
import { within } from './waiting.mjs';

const table = `CREATE TABLE socket_io_attachments (
  id bigserial UNIQUE, created_at timestamptz DEFAULT now(), payload bytea)`;

// The first line of the file is the server's URL.
const serverUrl = () => readFileSync(process.env.POSTGRES_FOR_TESTS, 'utf8').split('\n')[0];

function options(url, database) {
  const parts = new URL(url.replace('postgresql://postgres@/', 'postgresql://postgres@localhost/'));
  return { user: 'postgres', database, host: parts.searchParams.get('host'), port: Number(parts.searchParams.get('port')) };
}

async function run(database, text) {
  const pool = new Pool({ ...options(serverUrl(), database), max: 1 });
  try { return (await within(pool.query(text), text, 60_000)).rows; } finally { await within(pool.end(), 'the pool of connections ends'); }
}

export class Database {
  static async make() {
    const made = new Database();
    made.name = `emitters_${process.pid}_${Math.floor(Math.random() * 1e9)}`;
    await run('postgres', `CREATE DATABASE ${made.name}`);
    await run(made.name, table);
    return made;
  }

  get url() { return serverUrl().replace(/\/postgres\?/, `/${this.name}?`); }

  get options() { return options(serverUrl(), this.name); }

  pool() {
    const made = new Pool(this.options);
    made.on('error', () => {});  // a connection that was ended; the pool opens another
    return made;
  }

  run(text) { return run(this.name, text); }

  // Ends every session but ours, as a restart of the server would.
  endSessions() {
    return run('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.name}'`);
  }

  drop() { return run('postgres', `DROP DATABASE ${this.name} WITH (FORCE)`); }
}
