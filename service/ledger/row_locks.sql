-- For engines that lock rows one by one. A lease whose last chunk is committing right now, or whose
-- worker froze while it was, is locked: it is left for the next look, so that nobody waits for it with
-- the turn at the ledger in hand.
-- name: is_free
SELECT slot_id FROM leases WHERE job_id = $1 AND lane = $2 AND slot_id = $3 AND fence = $4
   FOR UPDATE SKIP LOCKED
