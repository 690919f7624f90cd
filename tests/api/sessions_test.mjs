// Browsers' sessions from outside: cookies that nobody else gets, over TLS and without.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { request } from 'node:https';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Caller, reason } from './support/caller.mjs';
import { Document } from './support/document.mjs';
import { Node, Place } from './support/node.mjs';
import { raise } from './support/stage.mjs';

leavesNothingOpen();

const { node } = await raise();
const document = await Document.of(node.root);
const asha = new Caller(node, document);
const job = 'nap';

// A cookie's name, value and attributes.
function cookie(text) {
  const [pair, ...attributes] = text.split('; ');
  const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
  return { name, value, attributes: new Set(attributes.filter((one) => !one.startsWith('Max-Age='))), age: Number(/Max-Age=(\d+)/.exec(text)?.[1]) };
}
const opens = async (headers = {}) => {
  const { value, cookies } = await asha.gets(201, 'openSession', {}, undefined, headers);
  const [session, csrf] = cookies.map(cookie);
  return { session, csrf, value, browser: asha.as({ Cookie: `${session.name}=${session.value}`, 'X-CSRF-Token': value.csrf }) };
};

test('a session is a cookie that scripts and other sites do not get', async () => {
  const { session, csrf, value } = await opens();
  assert.equal(session.name, 'hotclock');
  assert.deepEqual(session.attributes, new Set(['Path=/', 'SameSite=Strict', 'HttpOnly']));
  assert.deepEqual(csrf.attributes, new Set(['Path=/', 'SameSite=Strict']));
  assert.equal(csrf.value, value.csrf);
  assert.ok(session.age > 0 && session.age <= 12 * 3600);
  assert.ok(session.value.length >= 43, '256 bits');
  assert.ok(!node.said.includes(session.value) && !node.said.includes(csrf.value));
});

test('a session is always a new one, whatever cookie came with the token', async () => {
  const planted = 'A'.repeat(43);
  const first = await opens({ Cookie: `hotclock=${planted}` });
  assert.notEqual(first.session.value, planted);
  await asha.as({ Cookie: `hotclock=${planted}` }).gets(401, 'showMe');
  const second = await opens({ Cookie: `hotclock=${first.session.value}` });
  assert.notEqual(second.session.value, first.session.value);
  assert.notEqual(second.csrf.value, first.csrf.value);
  await second.browser.gets(200, 'pauseJob', { job }, { reason });
  await asha.as({ Cookie: `hotclock=${second.session.value}`, 'X-CSRF-Token': first.csrf.value }).gets(403, 'resumeJob', { job }, { reason });
  await second.browser.gets(200, 'resumeJob', { job }, { reason });
});

test('an ended session is over for good, and its cookies are taken back', async () => {
  const { browser } = await opens();
  const { cookies } = await browser.gets(204, 'endSession');
  for (const one of cookies.map(cookie)) assert.deepEqual([one.value, one.age], ['', 0]);
  await browser.gets(401, 'showMe');
  await browser.gets(401, 'pauseJob', { job }, { reason });
});

test('a form of another site cannot be made to say anything', async () => {
  const { session } = await opens();
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
    const got = await fetch(`${node.root}/jobs/${job}/pause`, { method: 'POST', headers: { Cookie: `hotclock=${session.value}`, 'Content-Type': type }, body: '{"reason":"x"}' });
    assert.equal(got.status, 415, type);
  }
  const preflight = await fetch(`${node.root}/jobs`, { method: 'OPTIONS', headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'authorization' } });
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
  assert.equal((await asha.gets(200, 'showJob', { job })).value.paused, null);
});

test('a live list of a session ends with it', async () => {
  const { browser, session } = await opens();
  const answer = await fetch(`${node.root}/events?topics=nodes`, { headers: { Cookie: `hotclock=${session.value}` } });
  assert.equal(answer.status, 200);
  await browser.gets(204, 'endSession');
  let ended = false;
  const reader = answer.body.getReader();
  (async () => { try { while (!(await reader.read()).done); } catch { /* cut off */ } ended = true; })();
  await comesTrue(() => ended, 'the list ends', 40_000);
});

test('over TLS the cookies are bound to the host and to TLS, and browsers are told to stay there', async (t) => {
  const place = new Place();
  t.after(() => place.remove());
  const [key, certificate] = [place.file('key.pem'), place.file('certificate.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const secure = new Node(place, place.sqlite, { settings: { api: { certificate, key } } });
  t.after(() => secure.strike());
  secure.writeSettings();
  secure.command('migrate');
  await secure.start();
  const asks = (method, path, headers) => new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: secure.port, method, path: `/api/v1${path}`, headers, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer));
    });
    asked.on('error', reject);
    asked.end();
  });
  const opened = await asks('POST', '/session', { Authorization: `Bearer ${secure.token}` });
  assert.equal(opened.statusCode, 201);
  assert.equal(opened.headers['strict-transport-security'], 'max-age=31536000');
  const [session, csrf] = opened.headers['set-cookie'].map(cookie);
  assert.equal(session.name, '__Host-hotclock');
  assert.deepEqual(session.attributes, new Set(['Path=/', 'SameSite=Strict', 'HttpOnly', 'Secure']));
  assert.equal(csrf.name, '__Host-hotclock-csrf');
  assert.ok(csrf.attributes.has('Secure'));
  assert.equal((await asks('GET', '/me', { Cookie: `__Host-hotclock=${session.value}` })).statusCode, 200);
  assert.equal((await asks('GET', '/me', { Cookie: `hotclock=${session.value}` })).statusCode, 401, 'a cookie that anybody could have planted');
});
