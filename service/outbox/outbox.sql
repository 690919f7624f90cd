-- name: append
INSERT INTO outbox (created_at, event, rooms, payload, execution_id) VALUES ($1, $2, $3, $4, $5)

-- name: append_eight
INSERT INTO outbox (created_at, event, rooms, payload, execution_id)
VALUES ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10), ($11, $12, $13, $14, $15), ($16, $17, $18,
       $19, $20), ($21, $22, $23, $24, $25), ($26, $27, $28, $29, $30), ($31, $32, $33, $34,
       $35), ($36, $37, $38, $39, $40)

-- name: after
SELECT id, created_at, event, rooms, payload, execution_id FROM outbox
 WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3

-- name: heads_after
SELECT id, created_at, rooms FROM outbox WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3

-- name: event
SELECT id, created_at, event, rooms, payload, execution_id FROM outbox WHERE id = $1

-- In front of the first event that is not older, or behind all.
-- name: place_of
SELECT coalesce((SELECT min(id) - 1 FROM outbox WHERE created_at >= $1),
                (SELECT max(id) FROM outbox), 0)

-- The newest row stays, so that an id is never given twice.
-- name: trim
DELETE FROM outbox
 WHERE id IN (SELECT id FROM outbox WHERE id <= $1 AND created_at < $2
                 AND id < (SELECT max(id) FROM outbox) ORDER BY id LIMIT $3)
