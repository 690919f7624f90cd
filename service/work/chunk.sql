-- The proof of the fence: it changes one row, or the slot is somebody else's.
-- name: prove
UPDATE leases
   SET cursor_at = $3, progress_done = progress_done + $4, progress_total = $5
 WHERE job_id = (SELECT job_id FROM slots WHERE id = $1) AND lane IN (0, $1) AND slot_id = $1
   AND fence = $2 AND partitions_open = 0

-- name: cancel_requested
SELECT cancel_requested_by FROM leases
 WHERE job_id = (SELECT job_id FROM slots WHERE id = $1) AND lane IN (0, $1) AND slot_id = $1
   AND cancel_requested_by IS NOT NULL

-- Changes nothing, but waits for whoever is changing it.
-- name: where_it_stands
UPDATE leases SET cursor_at = cursor_at
 WHERE job_id = (SELECT job_id FROM slots WHERE id = $1) AND lane IN (0, $1) AND slot_id = $1
   AND fence = $2
RETURNING cursor_at
