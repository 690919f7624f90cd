// Events of the job throne-expiry: it looks each second, and every throne whose time is up is one event to its stream.

// Of a node's environment.
export const everySecond = { HOTCLOCK_JOBS__THRONE_EXPIRY__SCHEDULE: '@every 1s' };

// So many thrones of the stream, whose time is up now: the job's next slot ends all of them in one chunk.
export function thronesFall(database, stream, count) {
  return database.run(`INSERT INTO platform.thrones (stream_id, user_id, username, total_gifts, total_coins, claimed_at, expires_at)
    SELECT ${stream}, 1, 'asha', 1, n, now() - interval '1 minute', now() FROM generate_series(1, ${count}) AS n`);
}
