// Live lists: who listens sees slots come to life and end, through a node's death and its return, and harms nobody.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Document } from './support/document.mjs';
import { raise } from './support/stage.mjs';

leavesNothingOpen();

const { node } = await raise();
const document = await Document.of(node.root);
const asha = new Caller(node, document);
const lists = { jobs: 'JobList', slots: 'SlotList', running: 'SlotList', nodes: 'NodeList' };

// A client as a browser has it, which holds each list against the document.
class Listener {
  static async on(topics, last) {
    const listener = new Listener();
    Object.assign(listener, { events: [], stop: new AbortController(), comments: 0 });
    const headers = { ...asha.headers, ...(last && { 'Last-Event-ID': last }) };
    const answer = await fetch(`${node.root}/events?topics=${topics}`, { headers, signal: listener.stop.signal });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    listener.reading = listener.reads(answer.body).catch((error) => { listener.failed = error; }).finally(() => { listener.over = true; });
    return listener;
  }
  async reads(body) {
    let text = '';
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop();
      for (const block of blocks) this.hears(block);
    }
  }
  hears(block) {
    const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
    if (!fields.event) return;
    const list = JSON.parse(fields.data);
    const valid = document.validator({ $ref: `#/components/schemas/${lists[fields.event]}` });
    this.wrong ??= valid(list) ? undefined : JSON.stringify(valid.errors);
    this.events.push({ id: fields.id, topic: fields.event, items: list.items });
  }
  // Some list that was heard, and that `is` likes.
  sees(topic, is, what) {
    return comesTrue(() => { assert.equal(this.wrong, undefined); return this.events.find((one) => one.topic === topic && is(one.items)); }, what, 20_000);
  }
  get last() { return this.events.at(-1)?.id; }
  end() { this.stop.abort(); return this.reading; }
}
const runs = async () => (await asha.gets(202, 'runJob', { job: 'nap' }, { reason })).value.id;
const cancels = (slot) => asha.gets(202, 'cancelSlot', { slot }, { reason });

test('a slot is seen to come to life and to end, without being asked for', async () => {
  const listener = await Listener.on('slots,running,jobs');
  await listener.sees('running', (items) => items.length === 0, 'nothing runs');
  const slot = await runs();
  await listener.sees('slots', (items) => items.some(({ id }) => id === slot), 'the slot is there');
  await listener.sees('running', (items) => items.some(({ id }) => id === slot), 'the slot runs');
  await listener.sees('jobs', (items) => items.some((one) => one.job === 'nap' && one.running === 1), 'its job runs once');
  await cancels(slot);
  await listener.sees('slots', (items) => items.some(({ id, ended }) => id === slot && ended === 'cancelled'), 'the slot has ended');
  const gone = listener.events.findLastIndex(({ topic, items }) => topic === 'running' && items.length === 0);
  assert.ok(gone > 0, 'and runs no more');
  assert.equal(new Set(listener.events.map(({ id }) => id)).size, listener.events.length, 'each event has an id of its own');
  await listener.end();
});

test('what a list holds is what the operation of that name answers', async () => {
  const listener = await Listener.on('jobs,slots');
  const slots = await listener.sees('slots', (items) => items.length > 0, 'slots');
  const asked = (await asha.gets(200, 'listSlots')).value.items;
  assert.deepEqual(slots.items.map(({ id }) => id), asked.map(({ id }) => id));
  const jobs = await listener.sees('jobs', (items) => items.length > 0, 'jobs');
  assert.deepEqual(jobs.items.map(({ job }) => job).sort(), (await asha.gets(200, 'listJobs')).value.items.map(({ job }) => job).sort());
  await listener.end();
});

test('who comes back is sent what changed since, and nothing that they have', async () => {
  const first = await Listener.on('jobs');
  await first.sees('jobs', (items) => items.length > 0, 'jobs');
  await first.end();
  const again = await Listener.on('jobs', first.last);
  await asha.gets(200, 'pauseJob', { job: 'throne-expiry' }, { reason: 'while away' });
  await again.sees('jobs', (items) => items.some(({ paused }) => paused?.reason === 'while away'), 'the pause');
  assert.ok(again.events.every(({ id }) => id !== first.last));
  await again.end();
  await asha.gets(200, 'resumeJob', { job: 'throne-expiry' }, { reason });
});

test('a node dies, and who comes back to it with the id of the last event is right again', async () => {
  const before = await Listener.on('running,nodes');
  const slot = await runs();
  await before.sees('running', (items) => items.some(({ id }) => id === slot), 'the slot runs');
  await node.kill();
  await comesTrue(() => before.over, 'the stream is cut');
  await node.start();
  const after = await Listener.on('running,slots', before.last);
  await after.sees('running', (items) => items.every(({ id }) => id !== slot), 'the slot runs no more');
  await after.sees('slots', (items) => items.some(({ id, state }) => id === slot && state === 'unknown'), 'its worker vanished');
  await after.end();
  await asha.gets(200, 'decideSlot', { slot }, { decision: 'failed', reason });
});

test('a hundred who do not read keep nobody waiting, and cost little', async () => {
  const lazy = await Promise.all(Array.from({ length: 100 }, () => new Promise((resolve) => {
    const socket = connect(node.port, '127.0.0.1', () => {
      socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: ${asha.headers.Authorization}\r\n\r\n`);
      socket.once('data', () => { socket.pause(); resolve(socket); });
    });
    socket.on('error', () => {});
  })));
  const listener = await Listener.on('running');
  for (let i = 0; i < 3; ++i) {
    const slot = await runs();
    await listener.sees('running', (items) => items.some(({ id }) => id === slot), 'the slot runs');
    await asha.gets(200, 'listJobs');
    await cancels(slot);
    await comesTrue(async () => (await asha.gets(200, 'showSlot', { slot })).value.slot.state === 'ended', 'it ends');
  }
  await listener.end();
  for (const socket of lazy) socket.destroy();
  const fresh = await Listener.on('nodes');
  await fresh.sees('nodes', (items) => items.length > 0, 'nodes');
  await fresh.end();
});

test('an id that is nobody\'s, and topics that are none, do no harm', async () => {
  for (const last of ['gossip', '-1', '99999999999999999999', 'x-9223372036854775807']) {
    const listener = await Listener.on('nodes', last);
    await listener.sees('nodes', (items) => items.length > 0, `nodes after ${last}`);
    await listener.end();
  }
  for (const topics of ['gossip', 'jobs,gossip', ',', 'jobs,,nodes', 'JOBS', 'jobs '.repeat(200)])
    await asha.gets(400, 'listen', { topics });
});
