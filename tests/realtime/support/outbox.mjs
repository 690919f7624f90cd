// The outbox on PostgreSQL, past the program: who writes to it, and who should have heard what.
import { Client } from './packages.mjs';

const announce = `SELECT pg_advisory_xact_lock_shared(hashtext('hotclock outbox of ' || current_schema())::bigint)`;
const append = `INSERT INTO outbox (created_at, event, rooms, payload, execution_id) VALUES (now(), $1, $2, $3, 'test') RETURNING id`;

// One connection that writes events as a chunk does.
export class Writer {
  static async on(database) {
    const writer = new Writer();
    writer.client = new Client({ ...database.options, options: '-c search_path=hotclock' });
    writer.client.on('error', () => {});
    await writer.client.connect();
    return writer;
  }

  async begin() { await this.client.query('BEGIN'); await this.client.query(announce); }
  async append(rooms, body = {}, name = 'test:event') {
    const { rows } = await this.client.query(append, [name, rooms.join(' '), JSON.stringify(body)]);
    return Number(rows[0].id);
  }
  commit() { return this.client.query('COMMIT'); }
  rollBack() { return this.client.query('ROLLBACK'); }

  // As a node tells others that there is something.
  tell() { return this.client.query(`SELECT pg_notify('hotclock_hotclock', 'test')`); }

  // One transaction of some events: the rooms of each.
  async post(...events) {
    await this.begin();
    const ids = [];
    for (const rooms of events) ids.push(await this.append(rooms));
    await this.commit();
    return ids;
  }
  end() { return this.client.end(); }
}

// Every event that `rooms` (and everybody) were told behind `after`: their ids, in their order.
export function heardBy(events, rooms, after = 0) {
  return events.filter(({ id, to }) => id > after && (to.length === 0 || to.some((room) => rooms.includes(room)))).map(({ id }) => id);
}

export const parted = (rows) => rows.map(({ id, rooms }) => ({ id: Number(id), to: rooms.split(' ').filter(Boolean) }));
