-- Texts in which words may be, the newest first: read one after the other from behind a place on.

-- name: reasons
SELECT scheduled_for, slot_id, fence, coalesce(execution_id, ''), reason
  FROM history
 WHERE reason <> '' AND (scheduled_for, slot_id, fence) < ($1, $2, $3) AND scheduled_for <= $1
   AND scheduled_for >= $4
 ORDER BY scheduled_for DESC, slot_id DESC, fence DESC LIMIT $5

-- An execution's id begins with its start.
-- name: set_aside
SELECT execution_id, number, record || ' ' || message FROM failures
 WHERE (execution_id, number) < ($1, $2) AND execution_id <= $1 AND execution_id >= $3
 ORDER BY execution_id DESC, number DESC LIMIT $4

-- name: logs
SELECT execution_id, text FROM execution_logs
 WHERE execution_id < $1 AND execution_id >= $2 ORDER BY execution_id DESC LIMIT $3

-- One of each.
-- name: reason
SELECT reason FROM history WHERE slot_id = $1 AND fence = $2

-- name: one_set_aside
SELECT record || ' ' || message FROM failures WHERE execution_id = $1 AND number = $2

-- name: log
SELECT text FROM execution_logs WHERE execution_id = $1

-- name: slot
SELECT j.name, s.scheduled_for, coalesce((SELECT max(outcome) FROM history AS h
                                           WHERE h.slot_id = s.id AND h.execution_id = $2),
                                         (SELECT outcome FROM history AS h
                                           WHERE h.slot_id = s.id AND h.ended IS NOT NULL), '')
  FROM slots AS s JOIN jobs AS j ON j.id = s.job_id WHERE s.id = $1
