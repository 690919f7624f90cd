// The Redis adapters on a Redis that asks for a password.
import { after, before } from 'node:test';
import { deliversThrough } from './delivery.mjs';
import { redisAdapters } from './support/adapters.mjs';
import { leavesNothingOpen } from './support/leftovers.mjs';
import { Redis } from './support/redis.mjs';

leavesNothingOpen();
let redis;
before(async () => { redis = await Redis.start({ password: 'p@ss/wörd' }); });
after(() => redis?.stop());

for (const adapter of redisAdapters) deliversThrough(adapter, () => redis);
