-- name: jobs
SELECT id FROM jobs ORDER BY id

-- The newest slot of a job that may go: $2 newer ones are kept.
-- name: newest_to_go
SELECT scheduled_for, id FROM slots WHERE job_id = $1 AND partition_of IS NULL
 ORDER BY scheduled_for DESC, id DESC LIMIT 1 OFFSET $2

-- The newest slot of all stays, so that an id is never given twice.
-- name: to_go
SELECT s.id FROM slots AS s JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
 WHERE s.job_id = $1 AND (s.scheduled_for, s.id) <= ($2, $3) AND h.ended_at < $4
   AND s.id < (SELECT max(id) FROM slots)
 ORDER BY s.scheduled_for, s.id LIMIT $5

-- name: forget_failures
DELETE FROM failures
 WHERE execution_id IN (SELECT execution_id FROM history WHERE slot_id = $1 AND set_aside_total > 0)

-- name: forget_logs
DELETE FROM execution_logs WHERE execution_id IN (SELECT execution_id FROM history WHERE slot_id = $1)

-- name: forget_history
DELETE FROM history WHERE slot_id = $1

-- name: forget_slot
DELETE FROM slots WHERE id = $1
