// What strangers send: the API answers as its document says, in JSON and UTF-8, does nothing, and lives on.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Document } from './support/document.mjs';
import { draft, raise } from './support/stage.mjs';
import { ask, says } from './support/wire.mjs';

leavesNothingOpen();

const { node } = await raise();
const document = await Document.of(node.root);
const asha = new Caller(node, document);
const job = 'nap';
const utf8 = new TextDecoder('utf-8', { fatal: true });
const bearer = `Authorization: Bearer ${node.token}\r\n`;

const request = (line, { headers = bearer, body = '' } = {}) => Buffer.concat([
  Buffer.from(`${line} HTTP/1.1\r\nHost: 127.0.0.1:${node.port}\r\n${headers}${body.length ? `Content-Length: ${Buffer.from(body).length}\r\n` : ''}\r\n`, 'latin1'),
  Buffer.from(body),
]);
const sends = (line, more) => ask(node.port, request(line, more));
const json = `${bearer}Content-Type: application/json\r\n`;
const posts = (path, body, headers = json) => sends(`POST /api/v1${path}`, { headers, body });

// What is wrong is told as RFC 9457 has it, in UTF-8.
function problem(answer, ...statuses) {
  const text = utf8.decode(answer.bytes);
  assert.ok(statuses.includes(answer.status), `${answer.status} ${text}`);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const value = JSON.parse(text);
  const valid = document.validator({ $ref: '#/components/schemas/Problem' });
  assert.ok(valid(value), JSON.stringify(valid.errors));
  assert.equal(value.status, answer.status);
  return value;
}
const isFine = async () => assert.equal((await asha.gets(200, 'showVersion')).value.api, 'v1');
const isNotPaused = async () => assert.equal((await asha.gets(200, 'showJob', { job })).value.paused, null);

test('every answer, whatever its status, tells browsers to keep their hands off', async () => {
  const { etag } = (await asha.gets(200, 'showVersion')).headers;
  const answers = {
    200: await sends('GET /api/v1/version'), 304: await sends('GET /api/v1/version', { headers: `${bearer}If-None-Match: ${etag}\r\n` }),
    400: await sends('GET /api/v1/slots?gossip=1'), 401: await sends('GET /api/v1/jobs', { headers: '' }), 404: await sends('GET /api/v1/gossip'),
    405: await sends('PATCH /api/v1/jobs'), 413: await posts('/festivals', 'x'.repeat(1_000_000)), 415: await posts('/festivals', '{}', bearer),
    422: await posts('/festivals', '{}'), 202: await posts(`/jobs/${job}/run`, JSON.stringify({ reason, at: '2099-01-01T00:00:00Z' })),
  };
  for (const [status, { status: got, headers }] of Object.entries(answers)) {
    assert.equal(got, Number(status));
    const expected = {
      'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(headers[name], value, `${name} of ${status}`);
    assert.match(headers['x-request-id'] ?? '', /^[\w.-]{1,64}$/, status);
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'access-control-allow-credentials', 'strict-transport-security'])
      assert.equal(headers[name], undefined, `${name} of ${status}`);
  }
  for (const path of ['session', 'events', 'openapi.json', 'problems/stale', 'runbook/failed']) {
    const answer = await sends(`PUT /api/v1/${path}`);
    problem(answer, 405);
    assert.match(answer.headers.allow, /^GET/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  for (const status of [400, 401, 404, 405, 413, 415, 422]) problem(answers[status], status);
});

// ---------------------------------------------------------------- texts that mean something to somebody else

const corpus = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'; DROP TABLE jobs; --", '</title><svg/onload=alert(1)>', 'javascript:alert(1)',
  '{{7*7}}${7*7}<%= 7*7 %>', '=cmd|\' /C calc\'!A0', '\u2028\u2029', '\u202egnp.exe', '\ufeffbom', '%00%0d%0aSet-Cookie: a=b', 'a\\"b\\\\c', '𝕳𝖔𝖙 🕰️ é e\u0301',
  'line\nbreak', 'tab\tand\r\nSet-Cookie: a=b', '../../etc/passwd', '$(reboot) `reboot` ; reboot', '%s%n%x {} {0}',
];

test('hostile reasons and names come back as the data they are, to the letter', async () => {
  for (const text of corpus) {
    const paused = await asha.asks('pauseJob', { job }, { reason: text });
    if (/[\n\r\t]/.test(text) && paused.status === 400) continue;  // may be refused, never changed
    assert.equal(paused.status, 200, text);
    assert.equal(paused.value.paused.reason, text);
    const shown = await asha.gets(200, 'listJobs');
    assert.equal(shown.value.items.find((one) => one.job === job).paused.reason, text);
    assert.equal(shown.headers['content-type'].split(';')[0], 'application/json');
    await asha.gets(200, 'resumeJob', { job }, { reason });
    const { items } = (await asha.gets(200, 'listAudit', { what: 'pause', limit: 1 })).value;
    assert.equal(items[0].reason, text);
  }
  for (const name of corpus.filter((text) => !/[\n\r\t]/.test(text) && text.length <= 100)) {
    const made = await asha.asks('makeToken', {}, { name, role: 'viewer', reason });
    if (made.status === 400 || made.status === 422) continue;
    assert.equal(made.status, 201, name);
    assert.equal((await asha.gets(200, 'showToken', { token: made.value.id })).value.name, name);
    assert.equal((await asha.withToken(made.value.secret).gets(200, 'showMe')).value.name, name);
    await asha.withToken(made.value.secret).gets(403, 'pauseJob', { job }, { reason });
  }
  for (const name of corpus) {
    const made = await asha.asks('createFestival', { reason }, { ...draft, name });
    if (made.status === 422) continue;
    assert.equal(made.status, 201);
    assert.equal((await asha.gets(200, 'showFestival', { festival: made.value.id })).value.name, name);
  }
});

test('each entry of the exported audit is one line, whatever people wrote', async () => {
  const { value } = await asha.gets(200, 'exportAudit');
  const lines = value.split('\n').filter((line) => line !== '');
  for (const line of lines) JSON.parse(line);
  assert.ok(lines.some((line) => JSON.parse(line).reason === corpus[0]));
  assert.ok((await asha.gets(200, 'checkAudit')).value.whole);
});

test('hostile names of things that are not there are told as data', async () => {
  for (const text of corpus) {
    const { value, headers } = await asha.gets(404, 'showJob', { job: text });
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.ok(value.detail.includes(text) || value.detail.length > 0);
    await asha.asks('listSlots', { job: text });
    await asha.asks('listAudit', { who: text });
    await asha.asks('listClients', { room: text });
  }
});

test('an id of a request that is none is replaced, and no header comes of it', async () => {
  for (const id of ['<script>', 'a b', 'x'.repeat(65), 'ä', '"', 'a,b']) {
    const answer = await sends('GET /api/v1/version', { headers: `${bearer}X-Request-Id: ${id}\r\n` });
    assert.match(answer.headers['x-request-id'], /^[0-9a-f-]{36}$/, id);
  }
});

// ---------------------------------------------------------------- bodies

const deep = (open, close) => `{"reason":${open.repeat(5000)}${close.repeat(5000)}}`;
const bodies = {
  'no JSON': 'reason=x', 'cut off': '{"reason":"x"', 'two values': '{"reason":"x"}{}', 'a comment': '{"reason":"x"/**/}', 'a comma too much': '{"reason":"x",}',
  'a name twice': '{"reason":"x","reason":"y"}', 'a name twice, escaped': '{"reason":"x","re\\u0061son":"y"}', 'a zero byte': '{"reason":"a\\u0000b"}', 'a half of a pair': '{"reason":"\\ud800"}',
  'deep arrays': deep('[', ']'), 'deep objects': deep('{"a":', '}').replace('{}', '{"a":1}'), 'too great a number': '{"reason":1e999}', 'no number': '{"reason":NaN}',
  'wrong UTF-8': Buffer.from([...Buffer.from('{"reason":"'), 0xff, 0xfe, ...Buffer.from('"}')]), 'an overlong slash': Buffer.from([...Buffer.from('{"reason":"'), 0xc0, 0xaf, ...Buffer.from('"}')]),
  'a surrogate in UTF-8': Buffer.from([...Buffer.from('{"reason":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')]), 'UTF-16': Buffer.from('{"reason":"x"}', 'utf16le'), 'a mark in front': '\ufeff{"reason":"x"}',
  'a prototype': '{"__proto__":{"reason":"x"}}', 'a member too much': '{"reason":"x","job":"og-daily-bonus"}', 'spaces alone': '   ', 'an empty reason': '{"reason":""}',
};

test('what is no request is refused, and nothing is done', async () => {
  for (const [name, body] of Object.entries(bodies)) {
    problem(await posts(`/jobs/${job}/pause`, body), 400);
    assert.equal(JSON.parse((await posts('/festivals/validate', body)).bytes).valid, false, name);
    problem(await posts('/festivals', body), 400, 422);
    problem(await posts('/tokens', body), 400);
    await isNotPaused().catch((error) => assert.fail(`${name}: ${error.message}`));
  }
});

test('a body that is too large is not waited for', async () => {
  const waits = `POST /api/v1/jobs/${job}/pause HTTP/1.1\r\nHost: x\r\n${json}Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n`;
  problem(await ask(node.port, waits), 413);
  const head = (fields) => `POST /api/v1/jobs/${job}/pause HTTP/1.1\r\nHost: x\r\n${json}${fields}\r\n`;
  problem(await ask(node.port, head('Content-Length: 1000000\r\n')), 413);
  assert.equal((await ask(node.port, head('Content-Length: 99999999999999999999\r\n'))).status, 400);
  problem(await ask(node.port, `${head('Transfer-Encoding: chunked\r\n')}f4240\r\n${'x'.repeat(1_000_000)}\r\n0\r\n\r\n`), 413);
  await isNotPaused();
});

test('numbers and instants at the end of what there is are good or refused, and never a fault', async () => {
  const numbers = ['9223372036854775807', '-9223372036854775808', '9223372036854775808', '18446744073709551616', '-1', '0', '1e3', '1.5', '+1', ' 1', '0x10', '١'];
  for (const n of numbers) {
    for (const target of [`/slots?cursor=${n}.${n}`, `/slots?cursor=${n}.1`, `/slots?limit=${n}`, `/audit?cursor=${n}`, `/audit/export?after=${n}`, `/festivals?cursor=${n}`,
      `/jobs/${job}/changes?cursor=${n}`, `/jobs/${job}/next?n=${n}`, `/slots/${n}`, `/tokens/${n}`, `/approvals/${n}`, `/festivals/${n}`, `/executions/${n}`]) {
      const { status, bytes } = await sends(`GET /api/v1${encodeURI(target).replaceAll('+', '%2B')}`);
      assert.ok([200, 400, 404, 422].includes(status), `${target}: ${status} ${bytes}`);
      const text = utf8.decode(bytes);
      if (!target.startsWith('/audit/export')) JSON.parse(text);
    }
  }
  const instants = ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '292277026596-12-04T15:30:07Z', '2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z',
    '2026-06-30T23:59:60Z', '2026-01-01T00:00:00+99:99', '2026-01-01T00:00:00.123456789123456789Z', '2026-01-01', '-001-01-01T00:00:00Z', '1969-12-31T23:59:59Z'];
  for (const at of instants) {
    for (const target of [`/slots?since=${at}`, `/slots?until=${at}`, `/jobs/${job}/next?from=${at}`, `/audit?since=${at}`]) {
      const { status, bytes } = await sends(`GET /api/v1${target.replaceAll('+', '%2B')}`);
      assert.ok([200, 400].includes(status), `${target}: ${status} ${bytes}`);
    }
    for (const [path, body] of [['/run', { at, reason }], ['/pause', { until: at, reason }], ['/backfills/plan', { from: at, to: '2026-01-02T00:00:00Z' }], ['/backfills/plan', { from: '2026-01-01T00:00:00Z', to: at }],
      ['/schedule/preview', { schedule: '* * * * *', from: at }]]) {
      const { status, bytes } = await posts(`/jobs/${job}${path}`, JSON.stringify(body));
      assert.ok([200, 202, 400, 409, 422].includes(status), `${path} ${at}: ${status} ${bytes}`);
    }
    await asha.asks('resumeJob', { job }, { reason });
    for (const id of ['listSlots', 'listJobs', 'listAudit']) await asha.gets(200, id);
  }
});

test('schedules that nobody means are refused or worked out, quickly', async () => {
  for (const schedule of ['* * * * * * *', '0 0 30 2 *', '*/0 * * * *', '61 * * * *', `${'1,'.repeat(240)}1 * * * *`, '@reboot', '* * * * *; reboot', '\0 * * * *', 'ü * * * *', '5-1 * * * *', '99999999999999999999 * * * *'])
    for (const zone of [undefined, 'Mars/Olympus', '../../etc/passwd', '/etc/passwd', 'UTC\n', 'Australia/Sydney']) {
      const { status } = await asha.asks('previewSchedule', { job }, { schedule, ...(zone && { zone }) });
      assert.ok([200, 400, 422].includes(status), `${schedule} ${zone}: ${status}`);
    }
});

// ---------------------------------------------------------------- targets, methods and headers

const tricks = ['/api/v1/%2e%2e/%2e%2e/etc/passwd', '/api/v1/../../etc/passwd', '/api/v1/..%2f..%2fetc%2fpasswd', '/api/v1//jobs', '//api/v1/jobs', '/api//v1/jobs', '/api/v1/./jobs', '/api/v1/jobs/',
  '/api/v1/jobs/.', '/api/v1/jobs//', `/api/v1/jobs/${job}/..`, '/API/V1/jobs', '/api/v1/Jobs', '/api/v1/jobs;x=1', '/api/v1/jobs%00', '/api/v1/jobs%20', '/api/v1/%6aobs%2f', '/api/v1\\jobs', '/api/v1/jobs%5c',
  '/api/v1/openapi.json/../jobs', '/api/v1/openapi.json%2f..%2fjobs', '/api/v1/problems/../jobs', '/api/v1/problems/%2e%2e/jobs', '/api/v1/problems/..%2fjobs', '/api/v1/runbook/../jobs', '/api/v1/runbook/%2e%2e/jobs', '/api/v1/runbook/..%2fjobs', '/api/v1/session/../jobs', '/api/v1/events/../jobs',
  `/api/v1/jobs%2f${job}`, `/api/v1/jobs/${job}%2fnext`, '/api/v1/%', '/api/v1/%zz', '/api/v1/jobs%c0%af', '/api/v1/jobs%ff', `/api/v1/${'a/'.repeat(3000)}`, '*', 'jobs', '', '/api/v1', '/api/v2/jobs'];

test('no spelling of a path leads past the guard, or to what it does not name', async () => {
  for (const target of tricks) {
    for (const headers of ['', bearer]) {
      const { status, bytes } = await sends(`GET ${target}`, { headers });
      assert.ok([400, 401, 404, 405, 414, 431].includes(status), `${target}: ${status} ${bytes}`);
      utf8.decode(bytes);
    }
  }
});

test('an escaped slash is a part of a name, and parts none', async () => {
  const body = JSON.stringify({ reason });
  for (const path of [`/jobs/${job}%2fpause`, `/jobs/${job}%2Fpause`, `/jobs%2f${job}/pause`, `/jobs/${job}/pause%2f`, `/jobs/x%2f..%2f${job}/pause`]) {
    const { status } = await posts(path, body);
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
    await isNotPaused();
  }
});

test('what is no UTF-8 is refused wherever it stands', async () => {
  for (const raw of ['%ff', '%c3', '%ed%a0%80', '%c0%80', '%f5%80%80%80']) {
    for (const target of [`/jobs/${raw}`, `/slots/${raw}`, `/backfills/${raw}`, `/slots?job=${raw}`, `/slots?${raw}=1`, `/audit?who=${raw}`, `/clients?room=${raw}`, `/${raw}`])
      problem(await sends(`GET /api/v1${target}`), 400, 404);
    problem(await posts(`/jobs/${raw}/pause`, JSON.stringify({ reason })), 400, 404);
    await asha.gets(200, 'listAudit', { limit: 1 });
  }
  const body = JSON.stringify({ reason });
  for (const name of ['If-Match', 'Idempotency-Key', 'X-Request-Id', 'If-None-Match', 'Last-Event-ID', 'X-CSRF-Token', 'Origin', 'Cookie']) {
    for (const bytes of ['\xff\xfe', '"\xff"', '\x01', 'x'.repeat(5000)]) {
      const answer = await posts(`/jobs/${job}/resume`, body, `${json}${name}: ${bytes}\r\n`);
      assert.ok([400, 403, 409, 412, 431].includes(answer.status), `${name}: ${answer.status} ${answer.bytes}`);
      const other = await sends('PUT /api/v1/jobs/og-daily-bonus/priority', { headers: `${json}${name}: ${bytes}\r\n`, body: JSON.stringify({ priority: 1, reason }) });
      assert.ok([202, 400, 403, 412, 431].includes(other.status), `${name}: ${other.status} ${other.bytes}`);
    }
  }
  await asha.gets(200, 'listApprovals', { open: false });
});

test('methods that are none of the API\'s are refused, and TRACE tells nothing back', async () => {
  for (const method of ['TRACE', 'OPTIONS', 'PATCH', 'CONNECT', 'PROPFIND', 'get', 'G', 'X'.repeat(3000), 'POST']) {
    const answer = await sends(`${method} /api/v1/version`, { headers: `${bearer}X-Secret: tell me\r\n` });
    assert.ok([400, 405, 431, 501].includes(answer.status), `${method}: ${answer.status}`);
    assert.ok(!answer.bytes.includes('tell me') && !answer.bytes.includes(node.token), method);
  }
  const head = await fetch(`${node.root}/version`, { method: 'HEAD', headers: asha.headers });
  assert.equal(head.status, 200);
});

test('a request that two servers would read in two ways is refused', async () => {
  const line = `POST /api/v1/jobs/${job}/pause HTTP/1.1\r\nHost: x\r\n${json}`;
  const smuggled = 'GET /api/v1/version HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const text of [
    `${line}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`, `${line}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`,
    `${line}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, `${line}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, `${line}Content-Length: -1\r\n\r\n`, `${line}Content-Length: 0x5\r\n\r\nabcde`,
    `${line}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`, `${line}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n`, `GET /api/v1/version HTTP/1.1\r\n Host: x\r\n${bearer}\r\n`,
    `GET /api/v1/version HTTP/9.9\r\nHost: x\r\n${bearer}\r\n`, `GET  /api/v1/version HTTP/1.1\r\nHost: x\r\n${bearer}\r\n`, `GET /api/v1/version HTTP/1.1\r\nHost : x\r\n${bearer}\r\n`,
    `GET /api/v1/version HTTP/1.1\r\nHost: x\r\n${`X-Filler: ${'x'.repeat(1000)}\r\n`.repeat(40)}\r\n`, Buffer.from('160301020001000001fc0303', 'hex'), 'GET /api/v1/version\r\n\r\n',
  ]) {
    const said = (await says(node.port, text, { half: true })).toString('latin1');
    assert.ok(said === '' || /^HTTP\/1\.[01] (400|401|413|415|431|501|505) /.test(said), `${String(text).slice(0, 200)}: ${said.slice(0, 300)}`);
  }
  await isNotPaused();
});

test('who sends their request slowly keeps nobody waiting, and is cut off', async () => {
  const slow = Array.from({ length: 300 }, () => {
    const socket = connect(node.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.open = true;
    socket.heard = '';
    socket.on('data', (text) => { socket.heard += text; });
    socket.on('close', () => { socket.open = false; });
    socket.write('GET /api/v1/jobs HTTP/1.1\r\nHost: x\r\n');
    return socket;
  });
  const drops = setInterval(() => { for (const socket of slow) if (socket.open) socket.write('X-Drop: 1\r\n'); }, 500);
  try {
    for (let i = 0; i < 50; ++i) await isFine();
    assert.ok(slow.filter(({ open }) => open).length > 250, 'they were there meanwhile');
    await comesTrue(() => slow.every(({ open }) => !open), 'all of them are cut off', 60_000);
    assert.ok(slow.every(({ heard }) => heard === '' || heard.startsWith('HTTP/1.1 408')), slow[0].heard);
  } finally {
    clearInterval(drops);
    for (const socket of slow) socket.destroy();
  }
  await isFine();
});

test('a key that was worked is not worked again while many send it at once', async () => {
  const before = (await asha.gets(200, 'listSlots', { job, limit: 500 })).value.items.length;
  const body = JSON.stringify({ reason, at: '2098-01-01T00:00:00Z' });
  const answers = await Promise.all(Array.from({ length: 20 }, () => posts(`/jobs/${job}/run`, body, `${json}Idempotency-Key: once\r\n`)));
  for (const { status } of answers) assert.ok([202, 409].includes(status), String(status));
  assert.equal((await asha.gets(200, 'listSlots', { job, limit: 500 })).value.items.length, before + 1);
  const again = await posts(`/jobs/${job}/run`, body, `${json}Idempotency-Key: once\r\n`);
  assert.equal(again.status, 202);
});

test('what people cannot know stands nowhere', async () => {
  const secret = /^hc_[^_]+_(.+)$/.exec(node.token)[1];
  for (const id of ['listTokens', 'exportAudit', 'showSettings', 'listApprovals', 'listNodes']) {
    const { bytes } = await asha.gets(200, id);
    assert.ok(!bytes.includes(secret), id);
  }
  assert.equal(node.said.split(secret).length, 2, 'it was printed once');
});
