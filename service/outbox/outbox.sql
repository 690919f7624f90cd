-- name: append
INSERT INTO outbox (created_at, event, rooms, payload, execution_id) VALUES ($1, $2, $3, $4, $5)

-- name: read_after
SELECT id, created_at, event, rooms, payload, execution_id
  FROM outbox WHERE id > $1 ORDER BY id LIMIT $2

-- Ids grow with time, so the oldest are at the front.
-- name: trim
DELETE FROM outbox
 WHERE id IN (SELECT id FROM (SELECT id, created_at FROM outbox ORDER BY id LIMIT $2) AS front
               WHERE created_at < $1)
