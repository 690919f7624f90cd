-- The proof of the fence: it must change one row, or the slot is somebody else's.

-- name: prove
UPDATE slots SET cursor_at = $3, progress_done = progress_done + $4, progress_total = $5
 WHERE id = $1 AND fence = $2 AND state = 'running'
RETURNING cancel_requested_by

-- name: held
SELECT 1 FROM slots WHERE id = $1 AND fence = $2 AND state = 'running'
