// A transaction of a job that notified would make every commit of the instance wait for it. So none does: the sink's
// own connection tells the adapters, and a connection of the node the other nodes, each after the commit.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Database } from '../emitters/support/postgres.mjs';
import { comesTrue, within } from '../emitters/support/waiting.mjs';
import { secret } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { Client } from './support/packages.mjs';
import { curtain } from './support/stage.mjs';
import { everySecond, thronesFall } from './support/thrones.mjs';

const adapters = 'socket.io#/', nodes = 'hotclock_hotclock';

// A session that listens to channels, and writes down who said what: by the process of the session that notified.
class Ear {
  static async on(database) {
    const ear = new Ear();
    ear.said = [];
    ear.client = new Client(database.options);
    ear.client.on('notification', ({ channel, processId, payload }) => ear.said.push({ channel, by: processId, payload }));
    await within(ear.client.connect(), 'the ear connects');
    for (const channel of [adapters, nodes]) await ear.client.query(`LISTEN "${channel}"`);
    return ear;
  }
  // What was said up to now has come: the server hands it over before it answers.
  async hears(channel) {
    await within(this.client.query('SELECT 1'), 'the ear is answered');
    return this.said.filter((one) => one.channel === channel);
  }
  end() { return within(this.client.end(), 'the ear ends'); }
}

leavesNothingOpen();
describe('a job on PostgreSQL with a sink there', async () => {
  const raise = curtain();
  const place = raise(new Place(), (it) => it.remove());
  const database = raise(await Database.make(), (it) => it.drop());
  hotclock(database.url, 'migrate');
  const ear = raise(await Ear.on(database), (it) => it.end());
  const node = raise(new Node(place, database.url, {
    realtime: { jwt_key: 'env:JWT_SECRET' }, environment: { JWT_SECRET: secret, ...everySecond },
    sinks: { adapters: { kind: 'postgresql', url: database.url } },
  }), (it) => it.stop());

  // Which session wrote each event, in which transaction.
  await database.run(`CREATE TABLE writers (event bigint, session int, transaction xid8)`);
  await database.run(`CREATE FUNCTION note_writer() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO public.writers VALUES (NEW.id, pg_backend_pid(), pg_current_xact_id()); RETURN NULL; END'`);
  await database.run(`CREATE TRIGGER note_writer AFTER INSERT ON hotclock.outbox FOR EACH ROW EXECUTE FUNCTION note_writer()`);
  const written = async () => (await database.run('SELECT event::int, session FROM writers ORDER BY event'));

  it('notifies nobody by its own transaction', async () => {
    await node.start();
    await comesTrue(async () => (await database.run('SELECT 1 FROM hotclock.relay_sinks')).length > 0, 'the sink is known');
    await node.stop();
    ear.said.length = 0;
    // With the node's settings, in a process that works the slot and serves no sink.
    await thronesFall(database, 3, 5);
    hotclock(database.url, '--config', place.file('a.toml'), 'run', 'throne-expiry');
    assert.equal((await written()).length, 5);
    assert.deepEqual(await ear.hears(adapters), []);
    const sessions = new Set((await written()).map(({ session }) => session));
    for (const { by } of await ear.hears(nodes)) assert.ok(!sessions.has(by), 'who wrote events did not notify');
  });

  it('is spoken for by the connection of the sink, once it is served', async () => {
    await node.start();
    await comesTrue(async () => (await ear.hears(adapters)).length >= 5, 'what had been written is told');
    await thronesFall(database, 3, 20);
    await comesTrue(async () => (await ear.hears(adapters)).length >= 25, 'what the node writes is told');
    const told = await ear.hears(adapters);
    const all = await written();
    assert.deepEqual(told.map(({ payload }) => Number(JSON.parse(payload).data.packet.data[1].eventId)), all.map(({ event }) => event));
    const speakers = new Set(told.map(({ by }) => by));
    assert.equal(speakers.size, 1, 'one connection');
    const writers = new Set(all.slice(5).map(({ session }) => session));
    const [{ client_port: port }] = await database.run(`SELECT client_port FROM pg_stat_activity WHERE pid = ${[...speakers][0]}`);
    assert.notEqual(port, null, 'the connection is the node\'s and is kept');
    for (const by of speakers) assert.ok(!writers.has(by), 'which is not one that writes events');
  });
});
