// Who comes in: tokens of each kind, limits, TLS.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { comesTrue } from '../emitters/support/waiting.mjs';
import { Listener, secret, token } from './support/listener.mjs';
import { Node, Place, hotclock } from './support/node.mjs';
import { curtain } from './support/stage.mjs';

leavesNothingOpen();

async function served(raise, realtime, environment = {}, more = {}) {
  const place = raise(new Place(), (it) => it.remove());
  const prepared = typeof realtime === 'function' ? realtime(place) : realtime;
  hotclock(place.sqlite, 'migrate');
  return raise(await new Node(place, place.sqlite, { realtime: prepared, environment, ...more }).start(), (it) => it.stop());
}

// What somebody is told who is not let in.
async function refusal(node, auth) {
  const guest = new Listener(node.url, { auth, reconnection: false });
  try {
    await comesTrue(() => guest.refusals.length > 0 || guest.socket.connected, 'it is answered');
    assert.equal(guest.socket.connected, false);
    return guest.refusals[0];
  } finally { guest.close(); }
}
async function assertIn(raise, node, auth, user) {
  const guest = raise(await Listener.on(node.url, { user, auth }), (it) => it.close());
  assert.deepEqual(await guest.say('subscribe', `user:${user}`), { ok: true, room: `user:${user}` });
}
const now = () => Math.floor(Date.now() / 1000);
const hmac = (key) => (text) => createHmac('sha256', key).update(text).digest('base64url');

describe('tokens', async () => {
  const raise = curtain();

  it('of HS256 by a secret of the environment', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', jwt_issuer: 'accounts', jwt_audience: 'live', jwt_leeway: '0 s' }, { JWT_SECRET: secret });
    const claims = { iss: 'accounts', aud: 'live' };
    await assertIn(raise, node, { token: token(17, { claims }) }, 17);
    const wrong = {
      'no token at all': undefined,
      'another secret': token(17, { claims, sign: hmac('another secret, which is as long as it must be') }),
      'expired': token(17, { claims: { ...claims, exp: now() - 5 } }),
      'not yet valid': token(17, { claims: { ...claims, nbf: now() + 600 } }),
      'another issuer': token(17, { claims: { ...claims, iss: 'somebody' } }),
      'another audience': token(17, { claims: { ...claims, aud: 'shop' } }),
      'no user': token('asha', { claims }),
      'no algorithm': token(17, { claims, header: { alg: 'none' }, sign: () => '' }),
      'not a token': 'asha',
    };
    const reasons = new Set();
    for (const [what, shown] of Object.entries(wrong)) {
      const { message, data } = await refusal(node, shown === undefined ? {} : { token: shown });
      assert.equal(message, 'unauthorized', what);
      assert.equal(data.code, 401, what);
      assert.ok(data.reason.length > 10, what);
      assert.ok(shown === undefined || shown.length < 10 || !data.reason.includes(shown), what);
      reasons.add(data.reason);
    }
    assert.ok(reasons.size >= 8, `each has its own reason: ${[...reasons].join('; ')}`);
  });

  it('of RS256 by a public key in a file', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const node = await served(raise, (place) => ({ jwt_algorithm: 'RS256', jwt_key: `file:${place.file('key.pem', pem)}` }));
    const header = { alg: 'RS256', typ: 'JWT' };
    const by = (key) => (text) => sign('RSA-SHA256', Buffer.from(text), key).toString('base64url');
    await assertIn(raise, node, { token: token(17, { header, sign: by(privateKey) }) }, 17);
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    for (const wrong of [token(17, { header, sign: by(other) }), token(17, { sign: hmac(pem) })])
      assert.equal((await refusal(node, { token: wrong })).data.code, 401);
  });

  it('of EdDSA by a file of several keys, which is read again when it changes', async () => {
    const pair = () => generateKeyPairSync('ed25519');
    const [first, second] = [pair(), pair()];
    const jwk = ({ publicKey }, kid) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' });
    const shown = ({ privateKey }, kid) => token(17, { header: { alg: 'EdDSA', kid }, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url') });
    const node = await served(raise, (place) => ({ jwt_keys: place.file('keys.json', JSON.stringify({ keys: [jwk(first, 'one')] })) }));
    await assertIn(raise, node, { token: shown(first, 'one') }, 17);
    assert.equal((await refusal(node, { token: shown(second, 'two') })).data.code, 401);
    node.place.file('keys.json', JSON.stringify({ keys: [jwk(first, 'one'), jwk(second, 'two')] }));
    const guest = raise(new Listener(node.url, { auth: { token: shown(second, 'two') } }), (it) => it.close());
    await comesTrue(() => {
      if (!guest.socket.connected && !guest.socket.active) guest.socket.connect();
      return guest.socket.connected;
    }, 'the new key is known', 30_000);
  });

  it('that end put their client out', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', jwt_leeway: '0 s' }, { JWT_SECRET: secret });
    const guest = raise(await Listener.on(node.url, { auth: { token: token(17, { claims: { exp: now() + 2 } }) } }), (it) => it.close());
    let told;
    guest.socket.on('expired', (body) => { told = body; });
    await comesTrue(() => guest.ends.length > 0, 'it is put out');
    assert.equal(guest.ends[0], 'io server disconnect');
    assert.match(told.error, /expired/);
  });
});

describe('limits', async () => {
  const raise = curtain();
  const environment = { JWT_SECRET: secret };

  it('of connections: of an address, and of a user', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', connections_per_address: 4, connections_per_user: 2 }, environment);
    for (let i = 0; i < 2; ++i) await assertIn(raise, node, { token: token(17) }, 17);
    const limited = await refusal(node, { token: token(17) });
    assert.deepEqual([limited.message, limited.data.code], ['limited', 429]);
    for (const user of [18, 19]) raise(await Listener.on(node.url, { user }), (it) => it.close());
    const stranger = await refusal(node, { token: token(20) });
    assert.equal(stranger.message, 'websocket error');
  });

  it('of connections a minute: of an address, which the third too many shuts out', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', connections_per_address_a_minute: 3, violations: 3 }, environment);
    for (const user of [17, 18, 19]) (await Listener.on(node.url, { user })).close();
    const asked = async () => {
      const answer = await fetch(`${node.url}/socket.io/?EIO=4&transport=polling`);
      return [answer.status, (await answer.json()).message];
    };
    for (let i = 0; i < 3; ++i) assert.deepEqual(await asked(), [403, 'too many connections in a minute']);
    assert.deepEqual(await asked(), [403, 'too many violations; wait a minute']);
    assert.equal((await refusal(node, { token: token(20) })).message, 'websocket error');
  });

  it('of connections a minute: of a user, whom the third too many shuts out', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', connections_per_user_a_minute: 2, violations: 3 }, environment);
    for (let i = 0; i < 2; ++i) (await Listener.on(node.url, { user: 17 })).close();
    const reasons = [];
    for (let i = 0; i < 4; ++i) reasons.push((await refusal(node, { token: token(17) })).data.reason);
    assert.deepEqual(reasons, [...Array(3).fill('too many connections in a minute'), 'too many violations; wait a minute']);
    await assertIn(raise, node, { token: token(18) }, 18);
  });

  it('of messages of a viewer without a token', async () => {
    const node = await served(raise, { anonymous: true, messages_a_minute: 5 });
    const viewer = raise(await Listener.on(node.url, { reconnection: false }), (it) => it.close());
    const answers = [];
    for (let i = 0; i < 7; ++i) answers.push((await viewer.say('subscribe', 'rankings')).ok);
    assert.deepEqual(answers, [true, true, true, true, true, false, false]);
    viewer.socket.emit('subscribe', 'rankings');
    await comesTrue(() => viewer.ends.length > 0, 'it is cut off');
  });

  it('of bytes: what is too large cuts off at once, and is counted', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', max_payload: '2 KiB' }, environment, { counts: true });
    const violations = () => node.number('hotclock_client_violations_total');
    for (const transports of [['websocket'], ['polling']]) {
      const before = await violations();
      const guest = raise(await Listener.on(node.url, { user: 17, transports, reconnection: false }), (it) => it.close());
      guest.socket.emit('subscribe', 'x'.repeat(5000));
      await comesTrue(() => guest.ends.length > 0, () => `it is cut off over ${transports}`);
      await comesTrue(async () => await violations() === before + 1, 'it is counted');
    }
  });

  it('of open files: raised by the node itself, and told of where they are too few', async () => {
    const limits = (node) => /^Max open files +(\d+) +(\d+)/m.exec(readFileSync(`/proc/${node.process.pid}/limits`, 'utf8')).slice(1).map(Number);
    const roomy = await served(raise, { connections: 100 }, {}, { limit: '-S -n 64' });
    assert.equal(limits(roomy)[0], limits(roomy)[1]);
    assert.ok(!roomy.says('the limit of open files'), roomy.words);
    const narrow = await served(raise, { connections: 1000 }, {}, { limit: '-n 512' });
    assert.match(narrow.words, /warning +the limit of open files holds 256 connections, not the 1000 of realtime\.connections/);
    const unasked = await served(raise, {}, {}, { limit: '-n 512' });
    assert.match(unasked.words, /info +the limit of open files holds 256 connections/);
  });

  it('of messages: one too many is answered, and the third time it is cut off', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', messages_a_minute: 5 }, environment);
    const guest = raise(await Listener.on(node.url, { user: 17, reconnection: false }), (it) => it.close());
    for (let i = 0; i < 5; ++i) assert.equal((await guest.say('subscribe', 'rankings')).ok, true);
    for (let i = 0; i < 2; ++i) {
      const answer = await guest.say('subscribe', 'rankings');
      assert.deepEqual(answer, { ok: false, room: 'rankings', error: 'too many messages a minute' });
    }
    guest.socket.emit('subscribe', 'rankings');
    await comesTrue(() => guest.ends.length > 0, 'it is cut off');
    assert.equal(guest.ends[0], 'io server disconnect');
  });

  it('of rooms', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', rooms_per_socket: 3 }, environment);
    const guest = raise(await Listener.on(node.url, { user: 17 }), (it) => it.close());
    const answers = [];
    for (const room of ['stream:1', 'stream:2', 'stream:3', 'user:18', 'kitchen']) answers.push((await guest.say('subscribe', room)).ok);
    assert.deepEqual(answers, [true, true, false, false, false]);
  });
});

describe('what a node writes down', async () => {
  const raise = curtain();

  it('holds no secret of its clients, at whatever level', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET', messages_a_minute: 30 }, { JWT_SECRET: secret }, { level: 'debug' });
    const secrets = new Set();
    const notes = (guest) => {
      const { io, id, _pid } = guest.socket;
      for (const each of [io.engine.id, id, _pid]) { assert.match(each, /^[\w-]{10,}$/); secrets.add(each); }
    };
    const shown = (text) => { secrets.add(text); return { token: text }; };
    for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
      const guest = raise(await Listener.on(node.url, { auth: shown(token(17)), transports }), (it) => it.close());
      await guest.joins('rankings');
      notes(guest);
      guest.socket.io.engine.close();  // and it comes back
      await comesTrue(() => guest.recoveries.length === 2 && guest.socket.connected, 'it is there again');
      assert.equal(guest.recoveries[1], true);
      notes(guest);
    }
    await refusal(node, shown(token(17, { claims: { exp: now() - 500 } })));
    await refusal(node, shown(token(17, { sign: hmac('another secret, which is as long as it must be') })));
    const wordy = raise(await Listener.on(node.url, { auth: shown(token(18)), reconnection: false }), (it) => it.close());
    notes(wordy);
    for (let i = 0; i < 40; ++i) wordy.socket.emit('subscribe', 'rankings');
    await comesTrue(() => wordy.ends.length > 0, 'one that says too much is cut off');
    hotclock(node.place.sqlite, 'disconnect', '--user', '17', '--reason', 'banned');
    await node.stop();
    assert.match(node.words, /a client was cut off/);
    for (const each of secrets) assert.ok(!node.words.includes(each), `${each} stands in the log`);
    assert.ok(!node.words.includes(secret));
  });
});

describe('TLS', async () => {
  const raise = curtain();

  it('is spoken by a node that has a certificate', async () => {
    const node = await served(raise, (place) => {
      const [certificate, key] = [place.file('server.crt'), place.file('server.key')];
      execFileSync('openssl', ['req', '-new', '-x509', '-days', '30', '-nodes', '-subj', '/CN=node', '-addext',
        'subjectAltName=IP:127.0.0.1', '-out', certificate, '-keyout', key], { stdio: 'ignore' });
      return { jwt_key: 'env:JWT_SECRET', certificate, key };
    }, { JWT_SECRET: secret });
    const ca = execFileSync('cat', [node.place.file('server.crt')], { encoding: 'utf8' });
    const secure = node.url.replace('http:', 'https:');
    for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
      const guest = raise(await Listener.on(secure, { user: 17, ca, transports }), (it) => it.close());
      assert.equal((await guest.say('subscribe', 'rankings')).ok, true);
    }
    const careful = raise(new Listener(secure, { user: 17, reconnection: false }), (it) => it.close());
    await comesTrue(() => careful.refusals.length > 0, 'a client that does not know the authority does not come in');
    const plain = raise(new Listener(node.url, { user: 17, reconnection: false }), (it) => it.close());
    await comesTrue(() => plain.refusals.length > 0, 'nor does one without TLS');
  });
});

describe('people who operate it', async () => {
  const raise = curtain();

  it('see who is there, and put out whom they will', async () => {
    const node = await served(raise, { jwt_key: 'env:JWT_SECRET' }, { JWT_SECRET: secret });
    const database = node.place.sqlite;
    const [asha, bina] = [raise(await Listener.on(node.url, { user: 17 }), (it) => it.close()), raise(await Listener.on(node.url, { user: 18 }), (it) => it.close())];
    await asha.joins('stream:1', 'rankings');
    await bina.joins('stream:1');
    const rooms = () => Object.fromEntries(JSON.parse(hotclock(database, 'clients', '--json')).items.map(({ room, clients }) => [room, clients]));
    assert.deepEqual(rooms(), { 'stream:1': 2, rankings: 1, 'user:17': 1, 'user:18': 1 });
    const [shown] = JSON.parse(hotclock(database, 'clients', '--user', '17', '--json')).items;
    assert.equal(shown.socket, asha.socket.id);
    assert.deepEqual(shown.rooms, ['user:17', 'rankings', 'stream:1']);
    hotclock(database, 'disconnect', '--user', '17', '--reason', 'banned');
    await comesTrue(() => asha.ends.length > 0, 'she is put out');
    assert.equal(asha.ends[0], 'io server disconnect');
    await comesTrue(() => !('user:17' in rooms()), 'and is not there any more');
    assert.deepEqual([bina.ends, rooms()], [[], { 'stream:1': 1, 'user:18': 1 }]);
    assert.throws(() => hotclock(database, 'disconnect', '--user', '17', '--reason', 'again'), /no such client/);
  });

  it('are told where nobody can be seen', async () => {
    const node = await served(raise, (place) => ({ jwt_key: `file:${place.file('secret', secret)}`, recovery: '0 s' }));
    raise(await Listener.on(node.url, { user: 17 }), (it) => it.close());
    const asked = (...words) => hotclock(node.place.sqlite, '--config', node.place.file('a.toml'), ...words);
    const unseen = /clients are not written down where realtime.recovery is 0/;
    assert.match(JSON.parse(asked('clients', '--json')).note, unseen);
    assert.throws(() => asked('disconnect', '--user', '17', '--reason', 'banned'), unseen);
  });
});
