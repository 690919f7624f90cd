-- What rules judge by. Nothing here reads history as a whole: keys and small tables alone, and at most some hundred
-- rows of each.

-- name: jobs
SELECT j.id, j.name, j.paused_by, j.paused_reason, j.paused_at, j.paused_until, j.disabled_by, j.disabled_reason,
       CASE WHEN j.disabled_by IS NOT NULL THEN
         (SELECT max(c.at) FROM live_changes AS c WHERE c.job = j.name AND c.act = 'disable') END
  FROM jobs AS j ORDER BY j.id

-- The last ends of one job. What was entered and has not ended is passed over, but no more than some of it.
-- name: recent_ends
SELECT s.id, s.scheduled_for, h.ended, h.ended_at, h.started_at, h.execution_id, h.reason, h.tally, h.set_aside_total
  FROM (SELECT id, scheduled_for FROM slots WHERE job_id = $1 AND partition_of IS NULL
         ORDER BY scheduled_for DESC, id DESC LIMIT 100) AS s
  JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
 ORDER BY s.scheduled_for DESC, s.id DESC LIMIT 50

-- What ended so lately, of all jobs.
-- name: trouble
SELECT s.id, s.scheduled_for, h.ended, h.ended_at, h.started_at, h.execution_id, h.reason, h.tally, h.set_aside_total,
       j.name
  FROM history AS h
  JOIN slots AS s ON s.id = h.slot_id AND s.partition_of IS NULL
  JOIN jobs AS j ON j.id = s.job_id
 WHERE h.ended = $1 AND h.ended <> 'completed' AND h.ended_at >= $2
 ORDER BY h.ended_at DESC LIMIT 500

-- name: running
SELECT j.name, l.slot_id, l.execution_id, n.name, l.started_at, l.lease_until, l.progress_done, l.cursor_at,
       l.partition_of, l.partitions_open
  FROM leases AS l
  JOIN jobs AS j ON j.id = l.job_id
  LEFT JOIN nodes AS n ON n.id = l.node_id

-- name: queued
SELECT j.name, q.slot_id, s.scheduled_for, q.available_at, s.trigger, q.reason, s.partition_of
  FROM queue AS q
  JOIN slots AS s ON s.id = q.slot_id
  JOIN jobs AS j ON j.id = s.job_id
 WHERE q.phase = $1
 ORDER BY q.line, q.claim_rank, q.slot_id LIMIT 500

-- Those that serve: a command that works one slot writes nothing of itself.
-- name: nodes
SELECT n.name, n.seen_at, n.stopped_at, n.clock_ahead, f.at, f.disk, f.disk_free, f.database_answers, f.reload_refused
  FROM nodes AS n JOIN node_facts AS f ON f.node_id = n.id
 WHERE n.seen_at >= $1
 ORDER BY n.id

-- name: sinks
SELECT r.name, r.error,
       (SELECT o.created_at FROM outbox AS o WHERE o.id > r.position ORDER BY o.id LIMIT 1)
  FROM relay_sinks AS r

-- name: notifiers
SELECT n.notifier, count(*), min(n.created_at), max(n.attempts + coalesce(f.failures, 0)),
       max(coalesce(f.error, n.last_error))
  FROM notices n LEFT JOIN notifiers f ON f.name = n.notifier
 WHERE n.sent_at IS NULL GROUP BY n.notifier

-- name: everything_off
SELECT switched_by, reason, since FROM kill_switch

-- What the auditor found and has not taken back; one row a kind and job.
-- name: differences
SELECT kind, job, count(*), min(subject || ': ' || detail) FROM auditor_differences
 WHERE gone_at IS NULL GROUP BY kind, job ORDER BY kind, job LIMIT 500
