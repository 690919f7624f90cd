-- name: order_of
SELECT (SELECT count(*) FROM profile_orders WHERE slot_id IN ($1, $2)),
       (SELECT started_at FROM leases
         WHERE job_id = (SELECT job_id FROM slots WHERE id = $1) AND lane IN (0, $1) AND slot_id = $1)

-- name: keep
INSERT INTO execution_profiles (execution_id, job, slot_id, ended_at, summary) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (execution_id) DO UPDATE SET ended_at = excluded.ended_at, summary = excluded.summary

-- name: note_ending
UPDATE execution_profiles SET ending = $2 WHERE execution_id = $1

-- name: of_execution
SELECT summary, ending FROM execution_profiles WHERE execution_id = $1

-- name: is_kept
SELECT count(*) FROM execution_profiles WHERE execution_id = $1

-- name: of_job
SELECT summary, ending FROM execution_profiles WHERE job = $1 ORDER BY ended_at DESC LIMIT $2
