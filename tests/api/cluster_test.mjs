// Three nodes on one PostgreSQL under load, each asked over its own API: what people change is in force on all of them
// within a second and never for the past, nothing is worked twice, and the audit stays whole until somebody tampers with it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Database } from './support/database.mjs';
import { Document } from './support/document.mjs';
import { Node, Place } from './support/node.mjs';

leavesNothingOpen();

// What is in force is asked for over busy nodes: a second, and what asking takes.
const a_second = 2500;
const rests = '0 0 29 2 *', always = '* * * * * *';
const beat = (schedule) => `kind = "command"\nschedule = "${schedule}"\noverlap = "allow"\nmax_running = 8\n[settings]\nargv = ["/usr/bin/true"]\n`;

const place = new Place();
const database = await Database.make();
const settings = {
  commands: { allow: ['/usr/bin/true'] }, realtime: { enabled: false }, scheduler: { look_for_lost: '1 s' },
  alerts: { every: '1 s' }, 'alerts.rules.node_gone': { after: '5 s' },
};
const nodes = ['a', 'b', 'c'].map((name) => new Node(place, database.url, { name, settings }));
let asha, callers;

before(async () => {
  for (const name of ['first', 'second', 'third', 'fourth']) place.file(`jobs.d/beat-${name}.toml`, beat(always));
  nodes[0].writeSettings();
  nodes[0].command('migrate');
  for (const node of nodes) await node.start();
  const document = await Document.of(nodes[0].root);
  callers = nodes.map((node) => new Caller(node, document, { Authorization: `Bearer ${nodes[0].token}` }));
  [asha] = callers;
});
after(async () => {
  for (const node of nodes) await node.strike();
  await database.drop();
  place.remove();
});

const everywhere = (asks, what, limit = a_second) => Promise.all(callers.map((caller) => comesTrue(() => asks(caller), `${what} on node ${caller.node.name}`, limit)));
const schedule = async (caller, job) => (await caller.gets(200, 'showJob', { job })).value.schedule.expression;
const number = async (text, values) => Number(Object.values((await database.run(text, values))[0])[0]);
const of = `FROM slots s JOIN jobs j ON j.id = s.job_id WHERE j.name = $1 AND s.trigger IN ('schedule', 'catch_up')`;
const slotsSince = async (job, instant) => (await database.run(`SELECT s.scheduled_for ${of} AND s.scheduled_for > $2 ORDER BY s.scheduled_for`, [job, instant])).map((row) => row.scheduled_for.getTime());
// Whether an alert of this rule fires, or has fired and is over, with these labels.
const alerted = async (rule, state, labels) => (await asha.gets(200, 'listAlerts', { rule, all: true })).value.items
  .some((one) => one.state === state && Object.entries(labels).every(([name, value]) => one.labels[name] === value));
const now = async () => (await database.run('SELECT clock_timestamp() AS now'))[0].now;
const passes = async (ms, instant) => comesTrue(async () => (await now()) - Date.parse(instant) > ms, 'time passes', 30_000);
const worked = (job) => number(`SELECT count(*) FROM history h JOIN slots s ON s.id = h.slot_id JOIN jobs j ON j.id = s.job_id WHERE j.name = $1 AND h.ended = 'completed'`, [job]);
const doctor = () => {
  try { return { code: 0, said: nodes[0].command('doctor') }; } catch ({ status, stdout }) { return { code: status, said: stdout }; }
};

test('all three serve, and each job\'s slots are worked once a second', async () => {
  await comesTrue(async () => (await asha.gets(200, 'listNodes')).value.items.filter(({ state }) => state === 'works').length === 3, 'three nodes work');
  for (const name of ['first', 'second', 'third', 'fourth']) await comesTrue(async () => await worked(`beat-${name}`) >= 3, `beat-${name} is worked`, 60_000);
});

test('a live change that one node was told is in force on all of them', async () => {
  const job = 'beat-first';
  const { etag } = (await callers[1].gets(200, 'showJob', { job })).headers;
  const change = (await callers[1].gets(200, 'setSchedule', { job, 'If-Match': etag }, { schedule: rests, reason })).value;
  await everywhere(async (caller) => await schedule(caller, job) === rests, 'the new schedule');
  await callers[2].gets(412, 'setSchedule', { job, 'If-Match': etag }, { schedule: always, reason });
  await passes(4000, change.at);
  assert.deepEqual(await slotsSince(job, change.at), [], 'no slot of the old schedule behind the change');
  const back = (await callers[2].gets(200, 'undoChange', { job }, { reason })).value;
  await everywhere(async (caller) => await schedule(caller, job) === always, 'the old schedule');
  await comesTrue(async () => (await slotsSince(job, back.at)).length >= 3, 'slots are due again', 30_000);
  const between = (await slotsSince(job, change.at)).filter((at) => at <= Date.parse(back.at));
  assert.deepEqual(between, [], 'and none of the time between');
});

test('of many who change it at once, from every node, one does at a time', async () => {
  const job = 'beat-fourth';
  const first = (await asha.gets(200, 'showJob', { job })).value.version;
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) =>
    callers[i % 3].asks('setSchedule', { job, 'If-Match': `"${first}"` }, { schedule: `*/${i + 2} * * * * *`, reason })));
  const done = answers.filter(({ status }) => status === 200);
  assert.equal(done.length, 1);
  assert.ok(answers.every(({ status }) => status === 200 || status === 412), answers.map(({ status }) => status).join());
  const { became } = done[0].value;
  const expression = became.find(({ key }) => key.endsWith('schedule')).value.replaceAll('"', '');
  await everywhere(async (caller) => await schedule(caller, job) === expression, 'the one that was');
  await asha.gets(200, 'resetSchedule', { job, reason, 'If-Match': '*' });
});

test('a file that was changed is in force on each node that was told to read it anew', async () => {
  const job = 'beat-second';
  place.file(`jobs.d/${job}.toml`, beat('*/2 * * * * *'));
  for (const caller of callers) {
    const { in_force } = (await caller.gets(200, 'reloadSettings', {}, { reason })).value;
    assert.ok(in_force.some(({ key }) => key === `jobs.${job}.schedule`), JSON.stringify(in_force));
  }
  const since = await now();
  await everywhere(async (caller) => await schedule(caller, job) === '*/2 * * * * *', 'the new file');
  await comesTrue(async () => (await slotsSince(job, since)).length >= 3, 'its slots are due', 30_000);
  for (const at of await slotsSince(job, since)) assert.equal(at / 1000 % 2, 0, new Date(at).toISOString());
});

test('a file with a mistake changes nothing on any node, and each says what is wrong', async () => {
  const job = 'beat-second';
  place.file(`jobs.d/${job}.toml`, beat('every now and then'));
  for (const caller of callers) {
    const { status, value } = await caller.asks('reloadSettings', {}, { reason });
    assert.ok(status === 400 || status === 422, String(status));
    assert.ok(JSON.stringify(value).includes(job), JSON.stringify(value));
  }
  for (const caller of callers) assert.equal(await schedule(caller, job), '*/2 * * * * *');
  for (const { name } of nodes) await comesTrue(() => alerted('reload_failed', 'firing', { node: name }), `it alerts of ${name}`, 60_000);
  place.file(`jobs.d/${job}.toml`, beat('*/2 * * * * *'));
  for (const caller of callers) await caller.gets(200, 'reloadSettings', {}, { reason });
  for (const { name } of nodes) await comesTrue(() => alerted('reload_failed', 'resolved', { node: name }), `${name} has good settings again`, 60_000);
});

test('once the kill switch is on nothing starts on any node, and slots say why', async () => {
  await callers[2].gets(200, 'turnKillSwitchOn', {}, { reason: 'wrong amounts' });
  const killed = await now();
  await everywhere(async (caller) => (await caller.gets(200, 'showKillSwitch')).value.on, 'the switch is on');
  await passes(3000, killed);
  assert.equal(await number('SELECT count(*) FROM history WHERE started_at > $1', [killed]), 0);
  assert.equal(await number('SELECT count(*) FROM leases WHERE started_at > $1', [killed]), 0);
  const refused = await number(`SELECT count(*) FROM history WHERE ended = 'refused' AND ended_at > $1 AND reason LIKE '%wrong amounts%'`, [killed]);
  assert.ok(refused >= 4, `${refused} slots were refused`);
  await asha.gets(200, 'turnKillSwitchOff', { reason });
  const revived = await now();
  await everywhere(async (caller) => !(await caller.gets(200, 'showKillSwitch')).value.on, 'the switch is off');
  await comesTrue(async () => await number('SELECT count(*) FROM history WHERE started_at > $1', [revived]) > 3, 'slots start again', 30_000);
});

test('a node that is drained takes nothing until it is taken back, and the others work all', async () => {
  const { id, draining } = (await callers[1].gets(200, 'drainNode', { node: 'c' }, { reason })).value;
  const holds = `SELECT (SELECT count(*) FROM leases WHERE node_id = $1 AND started_at > $2) + (SELECT count(*) FROM history WHERE node_id = $1 AND started_at > $2)`;
  await comesTrue(() => nodes[2].said.includes('drains: takes nothing new'), 'the node has heard of it', a_second);
  const heard = await now();
  await comesTrue(async () => (await slotsSince('beat-third', heard)).length >= 5, 'slots are due', 30_000);
  const last = (await slotsSince('beat-third', heard)).slice(0, 5).at(-1);
  await comesTrue(async () => await number(`SELECT count(*) FROM slots s JOIN jobs j ON j.id = s.job_id JOIN history h ON h.slot_id = s.id
    WHERE j.name = 'beat-third' AND h.ended = 'completed' AND s.scheduled_for > $1 AND s.scheduled_for <= $2`, [heard, new Date(last)]) === 5, 'the others work them', 30_000);
  assert.equal(await number(holds, [id, heard]), 0);
  assert.ok(draining.by);
  await asha.gets(200, 'takeNodeBack', { node: id, reason });
  await comesTrue(async () => await number(holds, [id, heard]) > 0, 'it works again', 30_000);
  await asha.gets(200, 'drainNode', { node: 'c' }, { reason });
  await nodes[2].end('SIGTERM');
  await nodes[2].start();
  await comesTrue(async () => (await asha.gets(200, 'listNodes')).value.items.find(({ name }) => name === 'c').draining === null, 'a restart forgets it');
  await asha.gets(409, 'drainNode', { node: id }, { reason });
});

test('a node that dies is missed by nobody: its slots are worked by the others, and once', async () => {
  await nodes[1].kill();
  const since = await now();
  await comesTrue(async () => (await slotsSince('beat-third', since)).length >= 4, 'slots are due', 30_000);
  await nodes[1].start();
  const back = ({ name, state, started_at }) => name === 'b' && state === 'works' && Date.parse(started_at) > since;
  await comesTrue(async () => (await asha.gets(200, 'listNodes')).value.items.some(back), 'it is back');
  const twice = await database.run(`SELECT slot_id FROM history WHERE ended IS NOT NULL GROUP BY slot_id HAVING count(*) > 1`);
  assert.deepEqual(twice, []);
  const double = await database.run(`SELECT job_id, scheduled_for FROM slots WHERE trigger <> 'manual' GROUP BY job_id, scheduled_for HAVING count(*) > 1`);
  assert.deepEqual(double, []);
  const instants = await slotsSince('beat-third', new Date(0));
  instants.forEach((at, i) => assert.ok(i === 0 || at - instants[i - 1] === 1000, `a slot is missing before ${new Date(at).toISOString()}`));
});

test('when the node that looks after alerts dies, another tells of it', async () => {
  const [{ name }] = await database.run('SELECT n.name FROM alert_turn t JOIN nodes n ON n.id = t.node_id');
  const dead = nodes.find((node) => node.name === name);
  await dead.kill();
  [asha] = callers.filter(({ node }) => node !== dead);
  await comesTrue(() => alerted('node_gone', 'firing', { node: name }), `${name} is gone`, 60_000);
  await dead.start();
  [asha] = callers;
  await comesTrue(() => alerted('node_gone', 'resolved', { node: name }), `${name} is back`, 60_000);
});

test('the audit of many who act at once on every node is whole', async () => {
  const job = 'throne-expiry';
  const checks = [];
  for (let i = 0; i < 10; ++i) {
    await Promise.all(callers.flatMap((caller) => ['pauseJob', 'resumeJob'].map((id) => caller.asks(id, { job }, { reason: `${caller.node.name} ${i}` }))));
    checks.push((await callers[i % 3].gets(200, 'checkAudit')).value);
  }
  for (const { whole, broken } of checks) assert.ok(whole, broken);
  const numbers = (await database.run('SELECT number FROM audit WHERE number IS NOT NULL ORDER BY id')).map((row) => Number(row.number));
  assert.deepEqual(numbers, numbers.map((_, i) => i + 1));
  const { code, said } = doctor();
  assert.match(said, /ok +the audit is as it was written/);
  assert.equal(code, 0, said);
});

// Each does something to row $1 that the chain must show.
const tampering = {
  'its reason is another': `UPDATE audit SET reason = 'nothing to see' WHERE number = $1`,
  'it was somebody else': `UPDATE audit SET who = 'mallory' WHERE number = $1`,
  'it was earlier': `UPDATE audit SET at = at - interval '1 ms' WHERE number = $1`,
  'what was refused was done': `UPDATE audit SET outcome = CASE outcome WHEN 'done' THEN 'refused' ELSE 'done' END WHERE number = $1`,
  'it came from elsewhere': `UPDATE audit SET came_from = '192.0.2.1' WHERE number = $1`,
  'a word moved from one column into the next': `UPDATE audit SET what = what || job, job = '' WHERE number = $1 AND job <> ''`,
  'it is gone': 'DELETE FROM audit WHERE number = $1',
  'it has another seal': `UPDATE audit SET seal = repeat('0', length(seal)) WHERE number = $1`,
  'it has no number': 'UPDATE audit SET number = NULL WHERE number = $1',
};

test('who tampers with a row is found out, and where', async () => {
  await database.run('CREATE TABLE kept AS SELECT * FROM audit');
  const rows = await number(`SELECT max(number) FROM audit`);
  const row = await number(`SELECT max(number) FROM audit WHERE job <> '' AND number < $1`, [rows - 3]);
  for (const [what, statement] of Object.entries(tampering)) {
    await database.run(statement, [row]);
    for (const caller of callers) {
      const { whole, broken } = (await caller.gets(200, 'checkAudit')).value;
      assert.equal(whole, false, what);
      assert.match(broken, new RegExp(`\\b(${row - 1}|${row}|${row + 1})\\b`), `${what}: ${broken}`);
    }
    const { code, said } = doctor();
    assert.notEqual(code, 0, what);
    assert.match(said, /WRONG +the audit is as it was written/, what);
    assert.match(said, new RegExp(`\\b(${row - 1}|${row}|${row + 1})\\b`), what);
    await database.run('DELETE FROM audit WHERE id IN (SELECT id FROM kept)');
    await database.run('INSERT INTO audit OVERRIDING SYSTEM VALUE SELECT * FROM kept');
    assert.ok((await asha.gets(200, 'checkAudit')).value.whole, `${what}, put right`);
  }
});

test('who takes the newest rows away is found out, too', async () => {
  const rows = await number(`SELECT max(number) FROM audit`);
  await database.run('DELETE FROM audit WHERE number = $1', [rows]);
  const { whole, broken } = (await asha.gets(200, 'checkAudit')).value;
  assert.equal(whole, false);
  assert.match(broken, new RegExp(`\\b(${rows}|${rows - 1})\\b`), broken);
  assert.notEqual(doctor().code, 0);
});
