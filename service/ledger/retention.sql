-- name: jobs
SELECT id FROM jobs ORDER BY id

-- The newest slot of a job that may go: $2 newer ones are kept.
-- name: newest_to_go
SELECT scheduled_for, id FROM slots WHERE job_id = $1 AND partition_of IS NULL
 ORDER BY scheduled_for DESC, id DESC LIMIT 1 OFFSET $2

-- The newest of those that ended so and are more than $3.
-- name: newest_too_many
SELECT scheduled_for, id FROM past_slots WHERE job_id = $1 AND ended = $2 AND partition_of IS NULL
 ORDER BY scheduled_for DESC, id DESC LIMIT 1 OFFSET $3

-- The oldest behind a place. The newest slot of all stays, so that an id is never given twice.
-- name: oldest
SELECT s.scheduled_for, s.id, h.ended, h.ended_at, (SELECT count(*) FROM slots AS p WHERE p.partition_of = s.id)
  FROM slots AS s LEFT JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
 WHERE s.job_id = $1 AND s.partition_of IS NULL AND (s.scheduled_for, s.id) > ($2, $3) AND s.scheduled_for >= $2
   AND (s.scheduled_for, s.id) <= ($4, $5) AND s.scheduled_for <= $4 AND s.id < (SELECT max(id) FROM slots)
 ORDER BY s.scheduled_for, s.id LIMIT $6

-- name: partitions
SELECT id FROM slots WHERE partition_of = $1

-- name: forget_failures
DELETE FROM failures
 WHERE execution_id IN (SELECT execution_id FROM history WHERE slot_id = $1 AND set_aside_total > 0)

-- name: forget_logs
DELETE FROM execution_logs WHERE execution_id IN (SELECT execution_id FROM history WHERE slot_id = $1)

-- name: forget_profiles
DELETE FROM execution_profiles WHERE slot_id = $1

-- name: forget_profile_order
DELETE FROM profile_orders WHERE slot_id = $1

-- name: forget_history
DELETE FROM history WHERE slot_id = $1

-- name: forget_slot
DELETE FROM slots WHERE id = $1
