// A receiver that checks what it gets by the library of Standard Webhooks.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const program = process.env.HOTCLOCK_PROGRAM;
const secret = () => 'whsec_' + randomBytes(32).toString('base64');
const ours = secret();
const older = secret();
let directory, server, received, answers;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hotclock-webhooks-'));
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (some) => (body += some)).on('end', () => {
      received.push({ headers: request.headers, body });
      response.statusCode = answers.shift() ?? 204;
      response.end();
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  await mkdir(join(directory, 'jobs.d'));
  await writeFile(join(directory, 'hotclock.toml'), '[database]\nurl = "sqlite:platform.db"\n');
  await writeFile(
    join(directory, 'jobs.d', 'tell.toml'),
    `kind = "http"
schedule = "0 6 1 * *"
[retries]
count = 3
first_delay = "0 s"
longest_delay = "0 s"
[settings]
url = "http://127.0.0.1:${server.address().port}/hook"
allow_private = true
secret = "env:TELL_SECRET"
`,
  );
  assert.equal((await hotclock(ours, 'migrate')).code, 0);
});

after(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

function hotclock(secrets, ...words) {
  received = [];
  return new Promise((ended) => {
    const environment = { PATH: process.env.PATH, TELL_SECRET: secrets };
    const child = spawn(program, words, { cwd: directory, env: environment });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (some) => (said += some));
    child.on('close', (code) => ended({ code, said }));
  });
}

test('what is sent is verified', async () => {
  answers = [];
  const { code, said } = await hotclock(ours, 'run', 'tell');
  assert.equal(code, 0, said);
  assert.equal(received.length, 1);
  const [{ headers, body }] = received;
  const event = new Webhook(ours).verify(body, headers);
  assert.equal(event.type, 'slot.due');
  assert.equal(event.data.job, 'tell');
  assert.equal(event.data.id, headers['webhook-id']);
  assert.equal(headers['idempotency-key'], headers['webhook-id']);
});

test('what was changed on its way is not', async () => {
  answers = [];
  await hotclock(ours, 'run', 'tell');
  const [{ headers, body }] = received;
  const webhook = new Webhook(ours);
  const refused = (text, changed) => assert.throws(() => webhook.verify(text, changed), WebhookVerificationError);
  refused(body.replace('tell', 'tall'), headers);
  refused(body, { ...headers, 'webhook-id': headers['webhook-id'] + '0' });
  refused(body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) });
  assert.throws(() => new Webhook(older).verify(body, headers), WebhookVerificationError);
});

test('while a secret is changed both are good', async () => {
  answers = [];
  await hotclock(`${ours} ${older}`, 'run', 'tell');
  const [{ headers, body }] = received;
  for (const known of [ours, older]) assert.ok(new Webhook(known).verify(body, headers));
});

test('a receiver that was broken sees the same id again', async () => {
  answers = [500, 503, 200];
  const { code, said } = await hotclock(ours, 'run', 'tell');
  assert.equal(code, 0, said);
  assert.equal(received.length, 3);
  assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.equal(new Set(received.map(({ body }) => body)).size, 1);
  assert.deepEqual(received.map(({ headers }) => headers['hotclock-attempt']), ['1', '2', '3']);
  for (const { headers, body } of received) new Webhook(ours).verify(body, headers);
});

test('two slots have two ids', async () => {
  answers = [];
  await hotclock(ours, 'run', 'tell');
  const first = received[0].headers['webhook-id'];
  await hotclock(ours, 'run', 'tell');
  assert.notEqual(received[0].headers['webhook-id'], first);
});

test('the secret is nowhere to be found', async () => {
  for (const words of [['config'], ['history', '--json'], ['show', '1', '--json'], ['show', '1']]) {
    const { said } = await hotclock(ours, ...words);
    assert.ok(!said.includes(ours) && !said.includes(ours.slice(6)), words.join(' '));
  }
});
