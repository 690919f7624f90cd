// A past of any size, and how smoothly it is shown.
import { comesTrue } from '../../emitters/support/waiting.mjs';

// Written straight into a node's SQLite database: slots of one job, evenly over the last minutes, most of them completed,
// some of them not. `ends`: how many of 100 ended how; `took`: from and below so many milliseconds.
export async function fill(database, { job = 'nap', count = 10_000, minutes = 1440, until = Date.now(), took: [least, most] = [2000, 11_000],
  ends = [['completed', 90], ['completed_with_errors', 5], ['failed', 5]] } = {}) {
  let below = 0;
  const shares = ends.map(([end, share]) => `SELECT '${end}' AS ended, ${below} AS least, ${below += share} AS below`).join(' UNION ALL ');
  const between = Math.floor((minutes * 60_000) / count), kept = `seed-${job}-${until}-`;
  await comesTrue(() => database.run(`SELECT j.id FROM jobs AS j JOIN nodes AS n ON n.stopped_at IS NULL WHERE j.name = '${job}'`).length > 0, () => `${job} is known`, 30_000);
  database.run(`
    BEGIN IMMEDIATE;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, requested_by, entered_at)
    SELECT j.id, ${until} - n.i * ${between}, '${kept}' || n.i, 'schedule', 0, 0, '', ${until} - n.i * ${between}
      FROM n JOIN jobs AS j ON j.name = '${job}';
    INSERT INTO history (slot_id, fence, ended, attempt, execution_id, node_id, started_at, ended_at, outcome, reason, scheduled_for)
    SELECT s.id, 1, e.ended, 1, printf('019a0000-0000-7000-8000-%012x', s.id), (SELECT max(id) FROM nodes),
           s.scheduled_for + 300 + s.id % 2000, s.scheduled_for + 300 + s.id % 2000 + ${least} + (s.id * 7919) % ${most - least}, e.ended,
           CASE WHEN e.ended = 'failed' THEN 'the bank is shut, code ' || (s.id % 7) ELSE '' END, s.scheduled_for
      FROM slots AS s
      JOIN (${shares}) AS e
        ON s.id * 37 % 100 >= e.least AND s.id * 37 % 100 < e.below
     WHERE s.slot_key LIKE '${kept}%';
    COMMIT;`);
}

// How long each frame of the page took while something went on, in milliseconds, the shortest first; and how much of the
// processor a frame took, which other programs on the machine do not change.
export async function frames(page, during) {
  const inside = await page.context().newCDPSession(page);
  await inside.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () => (await inside.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  const before = await worked();
  const took = await page.evaluate(`(async () => {
    const took = [], during = ${during};
    let before = performance.now(), over = false;
    const note = (now) => { took.push(now - before); before = now; if (!over) requestAnimationFrame(note); };
    requestAnimationFrame(note);
    await during();
    over = true;
    return took.sort((a, b) => a - b);
  })()`);
  return { took, each: (await worked() - before) / took.length };
}
// "half below 16.7 ms, ...", for people to read.
export const told = ({ took, each }) => `half below ${part(took, 0.5).toFixed(1)} ms, 95 % below ${part(took, 0.95).toFixed(1)} ms, the longest ${took.at(-1).toFixed(1)} ms; ${each.toFixed(1)} ms of the processor each`;
const part = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
