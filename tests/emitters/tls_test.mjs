// Redis by TLS: the emitter believes a server that it can verify, and no other.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { deliversThrough } from './delivery.mjs';
import { redisClassic } from './support/adapters.mjs';
import { EmitJobs } from './support/emit_jobs.mjs';
import { leavesNothingOpen } from './support/leftovers.mjs';
import { Redis } from './support/redis.mjs';

leavesNothingOpen();
const job = { adapter: 'redis', args: ['news'] };
let redis;
before(async () => { redis = await Redis.start({ password: 'secret', tls: true }); });
after(() => redis?.stop());

async function answerTo(environment) {
  const emitter = new EmitJobs(environment);
  try { return await emitter.try(job); } finally { await emitter.stop(); }
}

deliversThrough(redisClassic, () => redis);

it('does not trust a certificate by an unknown authority', async () => {
  assert.match(await answerTo({ REDIS_URL: redis.url }), /^err conflict: .*not trusted/);
});

it('does not trust a certificate for another host', async () => {
  const url = redis.url.replace('127.0.0.1', 'localhost');
  assert.match(await answerTo({ REDIS_URL: url, CA_FILE: redis.authority }), /^err conflict: .*not trusted/);
});

it('says where it is not let in, and not with which password', async () => {
  const answer = await answerTo({ REDIS_URL: redis.url.replace('secret', 'wrong-word'), CA_FILE: redis.authority });
  assert.match(answer, /^err conflict: rediss:\/\/127\.0\.0\.1:\d+: /);
  assert.doesNotMatch(answer, /wrong-word/);
});

it('does not speak plainly to a server that wants TLS for ever', async () => {
  assert.match(await answerTo({ REDIS_URL: redis.url.replace('rediss', 'redis') }), /^err unavailable/);
});

it('shows a certificate of its own where the server asks for one', async (t) => {
  const strict = await Redis.start({ tls: true, mutual: true });
  t.after(() => strict.stop());
  const environment = { REDIS_URL: strict.url, CA_FILE: strict.authority };
  // It says why, if it does not close before we read it.
  assert.match(await answerTo(environment), /^err (conflict: .*certificate required|unavailable: )/);
  assert.equal(await answerTo({ ...environment, CERTIFICATE_FILE: strict.authority, KEY_FILE: strict.key }), 'ok');
});
