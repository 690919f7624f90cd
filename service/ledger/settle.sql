-- The statements of one settlement. Each moves a slot between the tables it may stand in (queue,
-- leases, history), and takes it out of the one it stood in under its key, or under its fence.
-- A line of the queue table is 0 for the default queue, a queue's id with a minus before it, or the id of the
-- job for whose execution its slots wait.

-- name: glance
SELECT (SELECT slot_id FROM queue WHERE phase = 'due' LIMIT 1),
       (SELECT min(available_at) FROM queue WHERE phase = 'later'),
       (SELECT slot_id FROM leases WHERE cancel_requested_by IS NOT NULL AND node_id = $1
          AND partitions_open = 0 LIMIT 1)

-- name: job_by_name
SELECT id, queue_id FROM jobs WHERE name = $1

-- name: job_by_id
SELECT name, queue_id FROM jobs WHERE id = $1

-- name: enrol
INSERT INTO jobs (name, schedule, entered_until, queue_id) VALUES ($1, $2, $3, $4) RETURNING id

-- name: stood
SELECT id, schedule, entered_until, queue_id FROM jobs WHERE name = $1

-- name: put_in_queue
UPDATE jobs SET queue_id = $2 WHERE id = $1

-- name: reschedule
UPDATE jobs SET schedule = $2 WHERE id = $1

-- Which schedule counts since when: what an auditor enumerates by.
-- name: note_schedule
INSERT INTO job_schedules (job_id, since, schedule) VALUES ($1, $2, $3)
ON CONFLICT (job_id, since) DO UPDATE SET schedule = excluded.schedule

-- Live changes, by job the version of the newest.
-- name: rescheduled
SELECT id, schedule_change FROM jobs WHERE schedule_change > 0

-- name: queues
SELECT id, name FROM queues ORDER BY id

-- name: add_queue
INSERT INTO queues (name) VALUES ($1) RETURNING id

-- name: move_cursor
UPDATE jobs SET entered_until = $2 WHERE id = $1 AND entered_until < $2

-- name: enter
INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, requested_by,
                   entered_at, token_id, queue_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (job_id, scheduled_for, slot_key) DO NOTHING
RETURNING id, queue_id

-- name: enter_by_name
INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, requested_by,
                   entered_at, token_id, queue_id)
SELECT id, $2, $3, $4, $5, $6, $7, $8, $9, queue_id FROM jobs WHERE name = $1
ON CONFLICT (job_id, scheduled_for, slot_key) DO NOTHING
RETURNING id, queue_id

-- name: enqueue
INSERT INTO queue (phase, line, claim_rank, slot_id, available_at, attempt, fence, vanished,
                   cursor_at, progress_done, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: end_unworked
INSERT INTO history (slot_id, fence, ended, attempt, ended_at, outcome, reason, scheduled_for)
VALUES ($1, $2, $3, $4, $5, $3, $6, (SELECT scheduled_for FROM slots WHERE id = $1))

-- name: release
DELETE FROM leases
 WHERE job_id = $1 AND lane = $2 AND slot_id = $3 AND fence = $4 AND partitions_open = 0

-- name: record
INSERT INTO history (slot_id, fence, ended, attempt, execution_id, node_id, started_at, ended_at,
                     outcome, reason, tally, set_aside_total, scheduled_for)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- Eight rows at once cost about half as much each.
-- name: record_eight
INSERT INTO history (slot_id, fence, ended, attempt, execution_id, node_id, started_at, ended_at,
                     outcome, reason, tally, set_aside_total, scheduled_for)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13), ($14, $15, $16, $17, $18, $19,
       $20, $21, $22, $23, $24, $25, $26), ($27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
       $38, $39), ($40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52), ($53, $54,
       $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65), ($66, $67, $68, $69, $70, $71, $72,
       $73, $74, $75, $76, $77, $78), ($79, $80, $81, $82, $83, $84, $85, $86, $87, $88, $89, $90,
       $91), ($92, $93, $94, $95, $96, $97, $98, $99, $100, $101, $102, $103, $104)

-- name: set_aside
INSERT INTO failures (execution_id, number, record, code, message) VALUES ($1, $2, $3, $4, $5)

-- name: keep_log
INSERT INTO execution_logs (execution_id, text, dropped) VALUES ($1, $2, $3)

-- Released and told what stood in it, in one step: its last chunk may be committing right now.
-- name: take_back
DELETE FROM leases
 WHERE job_id = $1 AND lane IN (0, $2) AND slot_id = $2 AND fence = $3 AND partitions_open = 0
RETURNING available_at, attempt, vanished, cursor_at, progress_done

-- name: go_back
INSERT INTO queue (phase, line, claim_rank, slot_id, available_at, attempt, fence, vanished,
                   cursor_at, progress_done, reason)
SELECT $2, coalesce(-s.queue_id, 0), s.claim_rank, s.id, $3, $4, $5, $6, $7, $8, $9 FROM slots AS s WHERE s.id = $1

-- name: count_failures
UPDATE jobs SET failures_in_a_row = failures_in_a_row + $2, last_failure_at = $3 WHERE id = $1

-- name: begin_failures
UPDATE jobs SET failures_in_a_row = $2, last_failure_at = $3 WHERE id = $1

-- name: forget_failures
UPDATE jobs SET failures_in_a_row = 0 WHERE id = $1 AND failures_in_a_row > 0

-- name: anyone_waiting
SELECT slot_id FROM queue WHERE phase = 'waiting' LIMIT 1

-- name: call_waiting
UPDATE queue SET phase = 'later',
       line = (SELECT coalesce(-s.queue_id, 0) FROM slots AS s WHERE s.id = queue.slot_id)
 WHERE phase = 'waiting' AND line = $1
   AND slot_id IN (SELECT slot_id FROM queue WHERE phase = 'waiting' AND line = $1
                    ORDER BY claim_rank, slot_id LIMIT $2)

-- name: abandoned_lines
SELECT DISTINCT w.line FROM queue AS w
 WHERE w.phase = 'waiting' AND w.line NOT IN (SELECT job_id FROM leases)
   AND NOT EXISTS (SELECT 1 FROM queue AS q JOIN slots AS s ON s.id = q.slot_id
                    WHERE q.phase IN ('due', 'later') AND s.job_id = w.line)

-- name: renew
UPDATE leases SET lease_until = $4
 WHERE job_id = $1 AND lane IN (0, $2) AND slot_id = $2 AND fence = $3 AND partitions_open = 0

-- name: cancelling
SELECT execution_id FROM leases
 WHERE cancel_requested_by IS NOT NULL AND node_id = $1 AND partitions_open = 0

-- name: held_by_others
SELECT l.slot_id, l.job_id, l.execution_id, l.node_id, l.lease_until, l.attempt, l.fence,
       l.started_at, s.scheduled_for, s.slot_key, s.trigger,
       n.name, n.host, n.boot_id, n.pid, n.pid_start, n.stopped_at, l.lane, l.partition_of
  FROM leases AS l
  JOIN slots AS s ON s.id = l.slot_id
  JOIN nodes AS n ON n.id = l.node_id
 WHERE (l.node_id <> $1 OR l.lease_until <= $2) AND l.partitions_open = 0
 ORDER BY l.slot_id

-- name: ripen
UPDATE queue SET phase = 'due' WHERE phase = 'later' AND available_at <= $1

-- name: candidates
SELECT q.claim_rank, q.slot_id, q.available_at, q.attempt, q.fence, q.vanished, q.cursor_at,
       q.progress_done, s.job_id, s.scheduled_for, s.slot_key, s.trigger, s.entered_at,
       s.partition_of, s.token_id
  FROM queue AS q JOIN slots AS s ON s.id = q.slot_id
 WHERE q.phase = 'due' AND q.line = $4 AND (q.claim_rank, q.slot_id) > ($1, $2)
 ORDER BY q.claim_rank, q.slot_id LIMIT $3

-- The same without the slots of some jobs that this node does not know.
-- name: candidates_but
SELECT q.claim_rank, q.slot_id, q.available_at, q.attempt, q.fence, q.vanished, q.cursor_at,
       q.progress_done, s.job_id, s.scheduled_for, s.slot_key, s.trigger, s.entered_at,
       s.partition_of, s.token_id
  FROM queue AS q JOIN slots AS s ON s.id = q.slot_id
 WHERE q.phase = 'due' AND q.line = $4 AND (q.claim_rank, q.slot_id) > ($1, $2)
   AND s.job_id NOT IN ($5, $6, $7, $8, $9, $10, $11, $12)
 ORDER BY q.claim_rank, q.slot_id LIMIT $3

-- One slot, or its partitions.
-- name: candidate
SELECT q.claim_rank, q.slot_id, q.available_at, q.attempt, q.fence, q.vanished, q.cursor_at,
       q.progress_done, s.job_id, s.scheduled_for, s.slot_key, s.trigger, s.entered_at,
       s.partition_of, s.token_id
  FROM slots AS s JOIN queue AS q ON q.phase = 'due' AND q.line = $2
   AND q.claim_rank = s.claim_rank AND q.slot_id = s.id
 WHERE (s.id = $1 OR s.partition_of = $1) AND coalesce(-s.queue_id, 0) = $2
 ORDER BY q.claim_rank, q.slot_id

-- Takes a run of a line out of it, from the first to the last of them.
-- name: dequeue
DELETE FROM queue
 WHERE phase = 'due' AND line = $5
   AND (claim_rank, slot_id) >= ($1, $2) AND (claim_rank, slot_id) <= ($3, $4)

-- Job 0 stands for all of them: the kill switch.
-- name: in_trouble
SELECT id, paused_by, paused_reason, paused_until, failures_in_a_row, last_failure_at, disabled_by,
       disabled_reason
  FROM jobs WHERE paused_by IS NOT NULL OR failures_in_a_row > 0 OR disabled_by IS NOT NULL
UNION ALL
SELECT 0, NULL, NULL, NULL, 0, NULL, switched_by, reason FROM kill_switch WHERE one = 1

-- With the youngest execution of each.
-- name: count_running
SELECT job_id, count(*), max(execution_id) FROM leases WHERE partition_of IS NULL GROUP BY job_id

-- What is worked of each queue, partitions and not what they are parts of: for queues with a limit.
-- name: count_by_queue
SELECT coalesce(-s.queue_id, 0), count(*)
  FROM leases AS l JOIN slots AS s ON s.id = l.slot_id
 WHERE l.partitions_open = 0 GROUP BY s.queue_id

-- name: claim
INSERT INTO leases (slot_id, job_id, lane, fence, attempt, execution_id, node_id, lease_until,
                    started_at, available_at, vanished, cursor_at, progress_done)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: claim_eight
INSERT INTO leases (slot_id, job_id, lane, fence, attempt, execution_id, node_id, lease_until,
                    started_at, available_at, vanished, cursor_at, progress_done)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13), ($14, $15, $16, $17, $18, $19,
       $20, $21, $22, $23, $24, $25, $26), ($27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
       $38, $39), ($40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52), ($53, $54,
       $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65), ($66, $67, $68, $69, $70, $71, $72,
       $73, $74, $75, $76, $77, $78), ($79, $80, $81, $82, $83, $84, $85, $86, $87, $88, $89, $90,
       $91), ($92, $93, $94, $95, $96, $97, $98, $99, $100, $101, $102, $103, $104)

-- name: cancel_running
UPDATE leases SET cancel_requested_by = $2 WHERE job_id = $1 AND cancel_requested_by IS NULL

-- name: next_available
SELECT min(available_at) FROM queue WHERE phase = 'later'
