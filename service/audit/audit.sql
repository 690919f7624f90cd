-- The record of what people did: see service/schema/0005_audit.sql.

-- name: next_link
INSERT INTO audit_head (one, number, seal) VALUES (1, 1, '')
ON CONFLICT (one) DO UPDATE SET number = audit_head.number + 1
RETURNING number, seal

-- name: append
INSERT INTO audit (number, at, who, came_from, token_id, request, what, job, slot_id, detail, was,
                   became, reason, outcome, seal)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- name: seal
UPDATE audit_head SET seal = $2 WHERE one = 1 AND number = $1

-- name: head
SELECT number, seal FROM audit_head

-- name: newest
SELECT id, number, at, who, came_from, token_id, request, what, job, slot_id, detail, was, became,
       reason, outcome, seal
  FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: newest_of_job
SELECT id, number, at, who, came_from, token_id, request, what, job, slot_id, detail, was, became,
       reason, outcome, seal
  FROM audit WHERE job = $3 AND id < $1 ORDER BY id DESC LIMIT $2

-- name: oldest
SELECT id, number, at, who, came_from, token_id, request, what, job, slot_id, detail, was, became,
       reason, outcome, seal
  FROM audit WHERE id > $1 ORDER BY id LIMIT $2
