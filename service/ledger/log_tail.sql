-- What attempts that run have said so far.

-- Under the fence: what has ended, or was taken over, leaves nothing behind.
-- name: add
INSERT INTO running_logs (execution_id, begins, text, kept_from, written_at)
SELECT execution_id, $3, $4, $5, $6 FROM leases
 WHERE job_id = (SELECT job_id FROM slots WHERE id = $1) AND lane IN (0, $1) AND slot_id = $1
   AND fence = $2 AND partitions_open = 0

-- name: forget
DELETE FROM running_logs WHERE execution_id = $1

-- From the piece on that $2 lies in or behind.
-- name: read
SELECT begins, text, kept_from, written_at FROM running_logs
 WHERE execution_id = $1
   AND begins >= coalesce((SELECT max(begins) FROM running_logs WHERE execution_id = $1 AND begins <= $2), 0)
 ORDER BY begins
