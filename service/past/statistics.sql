-- Days of jobs, and the slots that they sum up.

-- name: job
SELECT id FROM jobs WHERE name = $1

-- name: jobs
SELECT id FROM jobs ORDER BY id

-- name: days
SELECT day, ends, durations, lateness FROM job_days
 WHERE job_id = $1 AND day >= $2 AND day < $3 ORDER BY day

-- name: last_day
SELECT max(day) FROM job_days WHERE job_id = $1

-- name: first_due
SELECT scheduled_for FROM slots WHERE job_id = $1 AND scheduled_for >= $2 AND partition_of IS NULL
 ORDER BY scheduled_for LIMIT 1

-- name: sealed
SELECT sealed FROM job_days WHERE job_id = $1 AND day = $2

-- What ended, newest first.
-- name: newest
SELECT scheduled_for, ended, trigger, attempt, started_at, ended_at FROM past_slots
 WHERE job_id = $1 AND partition_of IS NULL AND scheduled_for >= $2 AND scheduled_for < $3
 ORDER BY scheduled_for DESC LIMIT $4

-- The same, oldest first behind a place.
-- name: oldest
SELECT scheduled_for, ended, trigger, attempt, started_at, ended_at, id FROM past_slots
 WHERE job_id = $1 AND partition_of IS NULL AND (scheduled_for, id) > ($2, $3) AND scheduled_for >= $2
   AND scheduled_for < $4
 ORDER BY scheduled_for, id LIMIT $5

-- name: sum_up
INSERT INTO job_days AS d (job_id, day, sealed, ends, durations, lateness) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (job_id, day) DO UPDATE
   SET sealed = excluded.sealed, ends = excluded.ends, durations = excluded.durations,
       lateness = excluded.lateness
 WHERE d.sealed = 0

-- name: forget_days
DELETE FROM job_days WHERE job_id = $1 AND day < $2
