// Waiting for what must come true, at most for a while.
import { setTimeout as rest } from 'node:timers/promises';

export async function comesTrue(condition, what, limit = 15_000) {
  for (const end = Date.now() + limit; ;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${typeof what === 'function' ? what() : what}`);
    await rest(10);
  }
}
