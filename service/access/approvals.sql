-- What waits, or waited, for a second person: see service/schema/0006_access.sql.

-- name: ask
INSERT INTO approvals (what, job, plan, plan_hash, requested_by, reason, requested_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id

-- name: find
SELECT id, what, job, plan, plan_hash, requested_by, reason, requested_at, expires_at, state,
       decided_by, decision_reason, decided_at
  FROM approvals WHERE id = $1

-- name: newest
SELECT id, what, job, plan, plan_hash, requested_by, reason, requested_at, expires_at, state,
       decided_by, decision_reason, decided_at
  FROM approvals ORDER BY id DESC LIMIT 1000

-- name: open
SELECT id, what, job, plan, plan_hash, requested_by, reason, requested_at, expires_at, state,
       decided_by, decision_reason, decided_at
  FROM approvals WHERE state = 'open' AND expires_at > $1 ORDER BY id DESC LIMIT 1000

-- Decides, for one who says so alone.
-- name: decide
UPDATE approvals SET state = $2, decided_by = $3, decision_reason = $4, decided_at = $5
 WHERE id = $1 AND state = 'open' AND expires_at > $5 AND plan_hash = $6

-- name: forget
DELETE FROM approvals WHERE decided_at < $1 OR (state = 'open' AND expires_at < $1)
