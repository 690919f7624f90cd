// Waiting has an end: for what must come true, for what must come, and for all that was begun to end.
import { setTimeout as rest } from 'node:timers/promises';

const told = (what) => (typeof what === 'function' ? what() : what);

// What the promise gives, or after `limit` ms an error that says `what` did not come.
export async function within(promise, what, limit = 15_000) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`not within ${limit} ms: ${told(what)}`)), limit); });
  try { return await Promise.race([promise, late]); } finally { clearTimeout(timer); }
}

export async function comesTrue(condition, what, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await within(condition(), what, Math.max(end - Date.now(), 1));
    if (found) return found;
    if (Date.now() > end) throw new Error(`did not come true in ${limit} ms: ${told(what)}`);
    await rest(5);
  }
}

// Does all of it in turn, what stands behind a failure too; the first failure is thrown in the end.
export async function endAll(...ends) {
  const failures = [];
  for (const end of ends)
    try { await end(); } catch (failure) { failures.push(failure); }
  if (failures.length > 0) throw failures[0];
}
