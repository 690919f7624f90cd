-- What people do to jobs and slots.

-- name: job
SELECT id, paused_by, paused_reason, paused_until, queue_id FROM jobs WHERE name = $1

-- name: pause
UPDATE jobs SET paused_by = $2, paused_reason = $3, paused_at = $4, paused_until = $5 WHERE id = $1

-- name: resume
UPDATE jobs SET paused_by = NULL, paused_reason = NULL, paused_at = NULL, paused_until = NULL
 WHERE id = $1

-- name: request_cancel
UPDATE leases SET cancel_requested_by = $3
 WHERE job_id = $1 AND lane IN (0, $2) AND slot_id = $2

-- name: slot
SELECT s.job_id, j.name, s.scheduled_for, s.partition_of FROM slots AS s JOIN jobs AS j ON j.id = s.job_id
 WHERE s.id = $1

-- name: queued
SELECT q.phase, q.line, q.claim_rank, q.attempt, q.fence, q.progress_done
  FROM slots AS s JOIN queue AS q ON q.phase IN ('due', 'later', 'waiting', 'unknown')
   AND q.line IN (coalesce(-s.queue_id, 0), s.job_id) AND q.claim_rank = s.claim_rank AND q.slot_id = s.id
 WHERE s.id = $1

-- name: leave_queue
DELETE FROM queue WHERE phase = $1 AND line = $2 AND claim_rank = $3 AND slot_id = $4

-- name: how_it_ended
SELECT ended, ended_at FROM history WHERE slot_id = $1 AND ended IS NOT NULL

-- name: try_unknown_again
UPDATE queue SET phase = 'later', available_at = $4, reason = ''
 WHERE phase = 'unknown' AND line = $1 AND claim_rank = $2 AND slot_id = $3

-- name: existing
SELECT id, state FROM slot_states WHERE job = $1 AND scheduled_for = $2 AND slot_key = $3

-- name: order_profile
INSERT INTO profile_orders (slot_id) VALUES ($1)

-- name: backfilled
SELECT id FROM slots
 WHERE job_id = $1 AND scheduled_for >= $2 AND scheduled_for <= $3 AND slot_key = $4
   AND trigger = 'backfill' AND partition_of IS NULL
 ORDER BY scheduled_for
