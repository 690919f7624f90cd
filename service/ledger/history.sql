-- What people look up. Everything pages by (scheduled_for, id), newest first.

-- name: list
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), '')
  FROM slot_states
 WHERE partition_of IS NULL AND (scheduled_for, id) < ($1, $2) AND scheduled_for >= $3
   AND ($4 = '' OR state = $4) AND ($5 = '' OR ended = $5) AND ($7 = '' OR trigger = $7)
 ORDER BY scheduled_for DESC, id DESC LIMIT $6

-- name: list_job
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), '')
  FROM slot_states
 WHERE partition_of IS NULL AND job = $8 AND (scheduled_for, id) < ($1, $2) AND scheduled_for >= $3
   AND ($4 = '' OR state = $4) AND ($5 = '' OR ended = $5) AND ($7 = '' OR trigger = $7)
 ORDER BY scheduled_for DESC, id DESC LIMIT $6

-- Ends that call for a look are few among those that do not.
-- name: list_notable
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), '')
  FROM slot_states
 WHERE id IN (SELECT slot_id FROM history WHERE ended = $5 AND ended <> 'completed')
   AND partition_of IS NULL AND ($8 = '' OR job = $8) AND (scheduled_for, id) < ($1, $2) AND scheduled_for >= $3
   AND ($4 = '' OR state = $4) AND ($7 = '' OR trigger = $7)
 ORDER BY scheduled_for DESC, id DESC LIMIT $6

-- Slots that have not ended are few among those that have.
-- name: list_open
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), '')
  FROM slot_states
 WHERE id IN (SELECT slot_id FROM queue UNION ALL SELECT slot_id FROM leases)
   AND partition_of IS NULL AND ($8 = '' OR job = $8) AND (scheduled_for, id) < ($1, $2) AND scheduled_for >= $3
   AND state = $4 AND ($5 = '' OR ended = $5) AND ($7 = '' OR trigger = $7)
 ORDER BY scheduled_for DESC, id DESC LIMIT $6

-- name: one
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), '')
  FROM slot_states WHERE id = $1

-- name: partitions
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), '')
  FROM slot_states WHERE partition_of = $1 ORDER BY id

-- name: between
SELECT id, job, scheduled_for, slot_key, trigger, priority, requested_by, entered_at, state, ended,
       reason, attempt, execution_id, started_at, ended_at, available_at, cursor_at, progress_done,
       progress_total, cancel_requested_by, coalesce((SELECT name FROM nodes WHERE nodes.id = node_id), '')
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
