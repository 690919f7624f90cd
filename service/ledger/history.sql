-- What people look up of one slot, of one job.

-- name: one
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), ''),
       queue
  FROM slot_states WHERE id = $1

-- name: partitions
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), ''),
       queue
  FROM slot_states WHERE partition_of = $1 ORDER BY id

-- name: between
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), ''),
       queue
  FROM slot_states
 WHERE partition_of IS NULL AND job = $1 AND scheduled_for >= $2 AND scheduled_for < $3
 ORDER BY scheduled_for, id

-- name: attempts
SELECT h.execution_id, h.attempt, n.name, h.started_at, h.ended_at, h.outcome, h.reason, h.tally,
       h.set_aside_total
  FROM history AS h LEFT JOIN nodes AS n ON n.id = h.node_id
 WHERE h.slot_id = $1 AND h.execution_id IS NOT NULL ORDER BY h.fence

-- name: failures
SELECT record, code, message FROM failures WHERE execution_id = $1 ORDER BY number

-- name: log
SELECT text, dropped FROM execution_logs WHERE execution_id = $1

-- name: events
SELECT count(*) FROM outbox WHERE execution_id = $1

-- name: jobs
SELECT j.name, j.schedule, j.entered_until, j.paused_by, j.paused_reason, j.paused_at,
       j.paused_until, j.failures_in_a_row, j.last_failure_at,
       (SELECT count(*) FROM leases AS l WHERE l.job_id = j.id AND l.partition_of IS NULL),
       (SELECT s.id FROM slots AS s JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
         WHERE s.job_id = j.id AND s.partition_of IS NULL ORDER BY s.scheduled_for DESC, s.id DESC LIMIT 1)
  FROM jobs AS j WHERE $1 = '' OR j.name = $1 ORDER BY j.name

-- Newest first.
-- name: past_attempts
SELECT h.started_at, h.ended_at, h.outcome
  FROM jobs AS j
  JOIN slots AS s ON s.job_id = j.id AND s.partition_of IS NULL
  JOIN history AS h ON h.slot_id = s.id AND h.execution_id IS NOT NULL
 WHERE j.name = $1
   AND h.outcome IN ('completed', 'completed_with_errors', 'failed', 'timed_out')
 ORDER BY s.scheduled_for DESC LIMIT $2
