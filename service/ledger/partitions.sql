-- Slots that are divided into partitions.

-- name: divide
UPDATE leases SET partitions_open = $4, progress_total = $5
 WHERE job_id = $1 AND lane IN (0, $2) AND slot_id = $2 AND fence = $3 AND partitions_open = 0

-- name: enter
INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, requested_by,
                   entered_at, partition_of, queue_id)
SELECT job_id, scheduled_for, $2, trigger, priority, claim_rank, requested_by, $3, id, queue_id
  FROM slots WHERE id = $1
RETURNING id, claim_rank, queue_id

-- name: claim
INSERT INTO leases (slot_id, job_id, lane, fence, attempt, execution_id, node_id, lease_until,
                    started_at, available_at, vanished, cursor_at, progress_done, partition_of)
VALUES ($1, $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- What stands of a divided slot. Its row goes with its last partition.
-- name: whole
SELECT cancel_requested_by, partitions_open FROM leases
 WHERE job_id = $1 AND lane IN (0, $2) AND slot_id = $2

-- name: one_ended
UPDATE leases SET partitions_open = partitions_open - 1, progress_done = progress_done + $3
 WHERE job_id = $1 AND lane IN (0, $2) AND slot_id = $2 AND partitions_open > 0
RETURNING partitions_open, lane, fence, attempt, execution_id, node_id, started_at

-- name: ends
SELECT p.slot_key, h.ended, h.reason, h.tally, h.set_aside_total
  FROM slots AS p JOIN history AS h ON h.slot_id = p.id AND h.ended IS NOT NULL
 WHERE p.partition_of = $1 ORDER BY p.id

-- name: the_slot
SELECT scheduled_for, slot_key, trigger FROM slots WHERE id = $1

-- name: open
SELECT p.id FROM slots AS p
 WHERE p.partition_of = $1
   AND NOT EXISTS (SELECT 1 FROM history AS h WHERE h.slot_id = p.id AND h.ended IS NOT NULL)
 ORDER BY p.id

-- name: cancel
UPDATE leases SET cancel_requested_by = $3
 WHERE job_id = $1 AND partition_of = $2 AND cancel_requested_by IS NULL
