// The PostgreSQL adapter in the three releases that differ in what they hear.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { deliversThrough } from './delivery.mjs';
import { postgresAdapters } from './support/adapters.mjs';
import { leavesNothingOpen } from './support/leftovers.mjs';
import { Database } from './support/postgres.mjs';

leavesNothingOpen();
let database;
before(async () => { database = await Database.make(); });
after(() => database?.drop());

// The payloads grow by one byte, so that every size around the limit of a notification is met.
function aroundTheLimit({ alike }) {
  it('delivers messages of every size around 8000 bytes, and attaches those alone that are longer', async () => {
    const lying = async () => (await database.run('SELECT count(*)::int AS n FROM socket_io_attachments'))[0].n;
    const before = await lying();
    for (let length = 7820; length <= 7880; ++length) await alike({ args: ['text', 'x'.repeat(length)] });
    const more = await lying() - before;
    assert.ok(more > 10 && more < 50, `${more} of 61 lie in the table`);
  });
}

for (const adapter of postgresAdapters) deliversThrough(adapter, () => database, aroundTheLimit);
