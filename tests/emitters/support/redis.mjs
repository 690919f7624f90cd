// Redis servers of the tests' own, on free loopback ports and in directories that go with them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { fallsWithUs } from './leftovers.mjs';
import { comesTrue, within } from './waiting.mjs';

// What a program said that ends by itself.
function said(program, words, limit = 15_000) {
  try {
    return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: limit, killSignal: 'SIGKILL' });
  } catch (failure) {
    if (failure.code === 'ETIMEDOUT') throw new Error(`not within ${limit} ms: ${program} ${words.join(' ')} ends`);
    throw failure;
  }
}

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

const total = (redis, count) => redis.nodes.reduce((sum, node) => sum + count(node), 0);

export class Redis {
  // `tls`: by TLS alone, with a certificate for 127.0.0.1 by an authority of its own; `mutual`: for those alone who
  // show one by it, too.
  static async start({ password = '', tls = false, mutual = false, cluster = false, settings = [] } = {}) {
    const redis = new Redis();
    redis.directory = mkdtempSync(join(tmpdir(), 'hotclock-redis-'));
    process.on('exit', () => redis.vanish());  // where a test failed before it stopped it
    redis.port = await freePort();
    redis.password = password;
    redis.tls = tls;
    redis.settings = ['--bind', '127.0.0.1', '--dir', redis.directory, '--save', '', ...settings];
    if (password) redis.settings.push('--requirepass', password);
    if (cluster) redis.settings.push('--cluster-enabled', 'yes', '--cluster-port', String(await freePort()));
    if (tls) redis.makeCertificate(mutual);
    redis.settings.push(tls ? '--tls-port' : '--port', String(redis.port));
    await redis.start();
    return redis;
  }

  get url() {
    const user = this.password ? `:${encodeURIComponent(this.password)}@` : '';
    return `${this.tls ? 'rediss' : 'redis'}://${user}127.0.0.1:${this.port}`;
  }

  get authority() { return join(this.directory, 'server.crt'); }
  get key() { return join(this.directory, 'server.key'); }

  makeCertificate(mutual) {
    said('openssl', ['req', '-new', '-x509', '-days', '30', '-nodes', '-subj', '/CN=redis', '-addext',
      'subjectAltName=IP:127.0.0.1', '-out', this.authority, '-keyout', this.key]);
    this.settings.push('--port', '0', '--tls-cert-file', this.authority, '--tls-key-file', this.key,
      '--tls-ca-cert-file', this.authority, '--tls-auth-clients', mutual ? 'yes' : 'no');
  }

  // One command by redis-cli; an error of the server's is one.
  ask(...words) {
    const how = ['-e', '-p', String(this.port)];
    if (this.password) how.push('--no-auth-warning', '-a', this.password);
    if (this.tls) how.push('--tls', '--cacert', this.authority, '--cert', this.authority, '--key', this.key);
    return said('redis-cli', [...how, ...words]).trim();
  }

  // Who listens to what.
  get nodes() { return [this]; }
  patterns() { return total(this, (node) => Number(node.ask('PUBSUB', 'NUMPAT'))); }
  subscribers(how, channel) { return total(this, (node) => Number(node.ask('PUBSUB', how, channel).split('\n')[1])); }
  channels() { return total(this, (node) => ['CHANNELS', 'SHARDCHANNELS'].flatMap((how) => node.ask('PUBSUB', how).split('\n').filter(Boolean)).length); }
  blocked() { return total(this, (node) => node.ask('CLIENT', 'LIST').split('\n').filter((line) => / flags=b /.test(line)).length); }

  answers() {
    if (this.process.exitCode !== null) throw new Error(`redis-server ended: ${this.words}`);
    try { return this.ask('PING') === 'PONG'; } catch { return false; }
  }

  async start() {
    this.words = '';
    this.process = fallsWithUs('redis-server', this.settings, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.process, 'exit');
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => { this.words += text; });
    await comesTrue(() => this.answers(), () => `redis-server answers: ${this.words}`);
  }

  async kill() {
    this.process.kill('SIGKILL');
    await within(this.ended, 'redis-server ends');
  }

  async stop() {
    try { await this.kill(); } finally { this.vanish(); }
  }

  vanish() {
    this.process?.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

// The id of the node that has the slot, as `asked` knows it: CLUSTER NODES ends its lines with "0-5460 10522".
function ownerOf(slot, asked) {
  const has = (range) => {
    const [first, last = first] = range.split('-').map(Number);
    return first <= slot && slot <= last;
  };
  return asked.ask('CLUSTER', 'NODES').split('\n').map((line) => line.split(' ')).find((words) => words.slice(8).some(has))?.[0];
}

// Three masters that share the slots.
export class Cluster {
  static async start() {
    const cluster = new Cluster();
    cluster.nodes = await Promise.all([1, 2, 3].map(() => Redis.start({ cluster: true })));
    const addresses = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`);
    said('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], 60_000);
    const knowsAll = (node) => /cluster_state:ok/.test(node.ask('CLUSTER', 'INFO')) && node.ask('CLUSTER', 'SLOTS').split('127.0.0.1').length === 4;
    await comesTrue(() => cluster.nodes.every(knowsAll), 'the nodes are a cluster');
    return cluster;
  }

  get url() { return this.nodes[0].url; }
  get rootNodes() { return this.nodes.map(({ url }) => ({ url })); }
  patterns() { return total(this, (node) => node.patterns()); }
  subscribers(how, channel) { return total(this, (node) => node.subscribers(how, channel)); }
  channels() { return total(this, (node) => node.channels()); }
  blocked() { return total(this, (node) => node.blocked()); }

  // Gives a slot without keys to the node at `place`, and returns when all know. Nobody but the new owner is told: who
  // imports a slot gets the latest epoch for it, and by that the others believe it. Without, the heartbeat of a former
  // owner with a later epoch takes the slot back.
  async move(slot, place) {
    const to = this.nodes[place];
    const id = to.ask('CLUSTER', 'MYID');
    to.ask('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', ownerOf(slot, to));
    to.ask('CLUSTER', 'SETSLOT', String(slot), 'NODE', id);
    await comesTrue(() => this.nodes.every((node) => ownerOf(slot, node) === id), () => `all know that ${to.port} has slot ${slot}`);
  }

  stop() { return Promise.all(this.nodes.map((node) => node.stop())); }
}
