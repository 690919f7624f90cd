-- name: append
INSERT INTO outbox (created_at, event, rooms, payload, execution_id) VALUES ($1, $2, $3, $4, $5)

-- name: after
SELECT id, created_at, event, rooms, payload, execution_id FROM outbox
 WHERE id > $1 ORDER BY id LIMIT $2

-- The newest row stays, so that an id is never given twice.
-- name: trim
DELETE FROM outbox
 WHERE id IN (SELECT id FROM outbox WHERE id <= $1 AND created_at < $2
                 AND id < (SELECT max(id) FROM outbox) ORDER BY id LIMIT $3)
