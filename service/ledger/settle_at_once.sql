-- A settlement's statements for an engine that takes whole columns: one statement for all rows, where
-- settle.sql has one for each. A LIMIT of as many rows as there are changes nothing but the plan: the
-- engine then takes the rows for few, and finds what they name by its key.

-- name: end_attempts
WITH released AS (
  DELETE FROM leases AS l
   USING (SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                               $8::bigint[], $9::text[], $10::timestamptz[], $11::timestamptz[],
                               $12::text[], $13::text[], $14::text[], $15::bigint[], $16::timestamptz[])
            AS r (job_id, lane, slot_id, fence, ended, attempt, execution_id, started_at, ended_at,
                  outcome, reason, tally, set_aside_total, scheduled_for)
           LIMIT $2::bigint) AS e
   WHERE l.job_id = e.job_id AND l.lane = e.lane AND l.slot_id = e.slot_id AND l.fence = e.fence
     AND l.partitions_open = 0
  RETURNING e.*
), written AS (
  INSERT INTO history (slot_id, fence, ended, attempt, execution_id, node_id, started_at, ended_at,
                       outcome, reason, tally, set_aside_total, scheduled_for)
  SELECT slot_id, fence, ended, attempt, execution_id, $1, started_at, ended_at, outcome, reason, tally,
         set_aside_total, scheduled_for
    FROM released
)
SELECT slot_id, fence, job_id FROM released

-- Those that are there already are not returned; the others in the order in which they came.
-- name: enter
INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, requested_by,
                   entered_at, queue_id)
SELECT job_id, scheduled_for, slot_key, trigger, priority, claim_rank, requested_by, $1, nullif(-line, 0)
  FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
              $8::text[], $9::bigint[])
    AS e (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, requested_by, line)
ON CONFLICT (job_id, scheduled_for, slot_key) DO NOTHING
RETURNING id, job_id, scheduled_for, slot_key

-- name: enqueue
INSERT INTO queue (phase, line, claim_rank, slot_id, available_at, attempt, fence, vanished,
                   cursor_at, progress_done, reason)
SELECT phase, line, claim_rank, slot_id, available_at, 0, 0, 0, '', 0, reason
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[])
    AS e (phase, line, claim_rank, slot_id, available_at, reason)

-- name: end_unworked
INSERT INTO history (slot_id, fence, ended, attempt, ended_at, outcome, reason, scheduled_for)
SELECT slot_id, 0, ended, 0, $1, ended, reason, scheduled_for
  FROM unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[])
    AS e (slot_id, ended, reason, scheduled_for)

-- name: move_cursors
UPDATE jobs AS j SET entered_until = c.entered_until
  FROM (SELECT * FROM unnest($2::bigint[], $3::timestamptz[]) AS r (job_id, entered_until)
         LIMIT $1::bigint) AS c
 WHERE j.id = c.job_id AND j.entered_until < c.entered_until

-- Takes a run of a line out of it, from the first to the last of them, and gives what was
-- let in of it a lease. How many were taken out.
-- name: dequeue_and_claim
WITH taken AS (
  DELETE FROM queue
   WHERE phase = 'due' AND line = $18
     AND (claim_rank, slot_id) >= ($1, $2) AND (claim_rank, slot_id) <= ($3, $4)
  RETURNING slot_id
), claimed AS (
  INSERT INTO leases (slot_id, job_id, lane, fence, attempt, execution_id, node_id, lease_until,
                      started_at, available_at, vanished, cursor_at, progress_done)
  SELECT slot_id, job_id, lane, fence, attempt, execution_id, $5, lease_until, $6, available_at,
         vanished, cursor_at, progress_done
    FROM unnest($7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[],
                $13::timestamptz[], $14::timestamptz[], $15::bigint[], $16::text[], $17::bigint[])
      AS c (slot_id, job_id, lane, fence, attempt, execution_id, lease_until, available_at, vanished,
            cursor_at, progress_done)
)
SELECT count(*) FROM taken
