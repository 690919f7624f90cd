// A database of the test's own: a file, or one on the PostgreSQL server that the tests of a run share (tests/postgres).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from './packages.mjs';

// The first line of the file is the server's URL.
const serverUrl = () => readFileSync(process.env.POSTGRES_FOR_TESTS, 'utf8').split('\n')[0];

async function run(database, text, values) {
  const { searchParams } = new URL(serverUrl().replace('postgresql://postgres@/', 'postgresql://postgres@localhost/'));
  const client = new Client({ user: 'postgres', database, host: searchParams.get('host'), port: Number(searchParams.get('port')),
    options: '-c search_path=hotclock' });
  await client.connect();
  try { return (await client.query(text, values)).rows; } finally { await client.end(); }
}

export class Database {
  static async make() {
    const made = new Database();
    made.name = `api_${process.pid}_${Math.floor(Math.random() * 1e9)}`;
    await run('postgres', `CREATE DATABASE ${made.name}`);
    return made;
  }
  get url() { return serverUrl().replace(/\/postgres\?/, `/${this.name}?`); }
  run(text, values) { return run(this.name, text, values); }
  drop() { return run('postgres', `DROP DATABASE ${this.name} WITH (FORCE)`); }
}

export class File {
  constructor(place) { this.url = place.sqlite; this.path = place.file('hotclock.db'); }
  run(text) {
    const rows = execFileSync('sqlite3', ['-json', '-cmd', '.timeout 10000', this.path, text], { encoding: 'utf8' });
    return rows ? JSON.parse(rows) : [];
  }
  drop() {}
}
