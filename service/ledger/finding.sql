-- name: job_names
SELECT name FROM jobs ORDER BY name

-- name: job_id
SELECT id FROM jobs WHERE name = $1

-- name: is_execution
SELECT slot_id FROM history WHERE slot_id = $1 AND execution_id = $2
UNION ALL
SELECT l.slot_id FROM slots AS s JOIN leases AS l
    ON l.job_id = s.job_id AND l.lane IN (0, s.id) AND l.slot_id = s.id
 WHERE s.id = $1 AND l.execution_id = $2
