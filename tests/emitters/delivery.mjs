// One body of tests for every adapter: what clients hear through it is what they hear from a server in Node
// that emits itself.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { emissions, moves } from './emissions.mjs';
import { EmitJobs } from './support/emit_jobs.mjs';
import { Stage, names, twenty } from './support/stage.mjs';
import { comesTrue, endAll } from './support/waiting.mjs';

// `whereIs`: gives what the servers meet in. `more`: adds tests of the caller's.
export function deliversThrough(adapter, whereIs, more = () => {}) {
  describe(adapter.name, () => {
    let here, there, reference, emitter, marks = 0;
    const publish = (job) => emitter.publish({ adapter: adapter.job, ...job });

    before(async () => {
      const where = whereIs();
      here = await Stage.raise(await adapter.adapter(where));
      there = await Stage.raise(await adapter.adapter(where));
      reference = await Stage.raise();
      await adapter.listens(where, 2);
      emitter = new EmitJobs(adapter.variables(where));
      await allHear();
    });
    after(() => endAll(() => emitter?.stop(), ...[here, there, reference].map((stage) => () => stage?.strike()), () => adapter.close(whereIs())));

    async function mark() {
      ++marks;
      for (const nsp of ['/', '/streams']) await publish({ nsp, args: ['mark', marks] });
    }

    // A server that reads a stream misses what is written while it does not look, until it has read a first entry.
    async function allHear() {
      const everybody = [here, there].flatMap((stage) => Object.values(stage.clients));
      await comesTrue(async () => { await mark(); return everybody.every(({ heard }) => heard.length > 0); }, 'everybody hears something');
      await mark();
      for (const stage of [here, there]) await stage.awaitMark(marks);
    }

    // All have heard what the reference's clients heard, and nothing behind it.
    async function alike(job) {
      for (const stage of [here, there, reference]) stage.clear();
      await publish(job);
      reference.emitItself(job);
      for (const nsp of ['/', '/streams']) reference.emitItself({ nsp, args: ['mark', marks + 1] });
      await reference.awaitMark(marks + 1);
      for (const stage of [here, there])
        for (const name of names)
          await comesTrue(() => stage.clients[name].heard.length >= reference.clients[name].heard.length,
            () => `${name} hears ${reference.clients[name].heard.length}, heard ${stage.clients[name].heard.length}`);
      await mark();
      for (const stage of [here, there]) {
        await stage.awaitMark(marks);
        assert.deepEqual(stage.heard(), reference.heard());
      }
    }

    for (const [what, job] of emissions) it(`delivers ${what}`, () => alike(job));

    it('delivers to the own room of a socket', async () => {
      here.clear();
      await publish({ rooms: [here.clients.anna.socket.id], args: ['private', 1] });
      await mark();
      await here.awaitMark(marks);
      assert.deepEqual(here.heard(), { anna: [['private', 1]], ben: [], carl: [], dora: [] });
    });

    it('keeps the order of a thousand events in rooms and to all', async () => {
      here.clear();
      const rooms = [[], ['red'], ['red', 'blue'], [twenty]];
      const jobs = Array.from({ length: 1000 }, (_, i) => ({ rooms: rooms[i % 4], args: ['seq', i] }));
      await Promise.all(jobs.map(publish));
      const { anna } = here.clients;
      await comesTrue(() => anna.heard.length >= 1000, () => `anna heard ${anna.heard.length}`);
      // Servers hear each node of a cluster by a connection of its own: order is that of one room then.
      const told = whereIs().nodes?.length > 1 ? (list) => rooms.map((_, k) => list.filter(([, i]) => i % 4 === k)) : (list) => list;
      assert.deepEqual(told(anna.heard), told(jobs.map((job) => job.args)));
    });

    it('speaks to the servers themselves', async () => {
      for (const stage of [here, there]) stage.serverHeard = [];
      await publish({ op: 'server', args: ['from-outside', { a: [1, 'two'] }, null] });
      await publish({ op: 'server', nsp: '/streams', args: ['from-outside', 'admin'] });
      for (const stage of [here, there]) {
        await comesTrue(() => stage.serverHeard.length >= 2, 'the servers hear it');
        assert.deepEqual(stage.serverHeard.sort(), [['/', { a: [1, 'two'] }, null], ['/streams', 'admin']]);
      }
    });

    it('refuses events of Socket.IO and goes on', async () => {
      for (const event of ['connect', 'disconnect', 'newListener'])
        assert.match(await emitter.try({ adapter: adapter.job, args: [event] }), /^err invalid/);
      await alike({ args: ['news', 'afterwards'] });
    });

    more({ alike: (job) => alike(job), stages: () => [here, there], emitter: () => emitter });

    for (const [what, job] of moves)
      it(`moves: ${what}`, async () => {
        await publish(job);
        reference.emitItself(job);
        for (const stage of [here, there]) {
          const same = () => JSON.stringify(stage.rooms()) === JSON.stringify(reference.rooms());
          await comesTrue(same, () => `${JSON.stringify(stage.rooms())} become ${JSON.stringify(reference.rooms())}`);
        }
      });

    it('disconnects from a namespace, and closes connections', async () => {
      for (const job of [{ op: 'disconnect', nsp: '/streams' }, { op: 'disconnect', rooms: ['red'], close: true }]) {
        await publish(job);
        reference.emitItself(job);
      }
      await comesTrue(() => !reference.clients.anna.socket.connected && !reference.clients.dora.socket.connected, 'the reference has disconnected');
      for (const stage of [here, there]) {
        await comesTrue(() => JSON.stringify(stage.ends()) === JSON.stringify(reference.ends()),
          () => `${JSON.stringify(stage.ends())} become ${JSON.stringify(reference.ends())}`);
        assert.equal(stage.clients.carl.socket.connected, true);
      }
    });
  });
}
