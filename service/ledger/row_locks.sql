-- For engines that lock rows one by one. A lease whose last chunk is committing right now, or whose
-- worker froze while it was, is locked: it is left for the next look, so that nobody waits for it with
-- the turn at the ledger in hand.
-- name: is_free
SELECT slot_id FROM leases WHERE job_id = $1 AND lane = $2 AND slot_id = $3 AND fence = $4
   FOR UPDATE SKIP LOCKED

-- The same as log_tail.add, and who ends the attempt meanwhile waits until it is there to be taken away.
-- name: add_log
INSERT INTO running_logs (execution_id, begins, text, kept_from, written_at)
SELECT execution_id, $3, $4, $5, $6 FROM leases
 WHERE job_id = (SELECT job_id FROM slots WHERE id = $1) AND lane IN (0, $1) AND slot_id = $1
   AND fence = $2 AND partitions_open = 0
   FOR KEY SHARE
