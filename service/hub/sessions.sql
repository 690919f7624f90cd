-- Clients' sessions: see service/schema/0003_realtime.sql.

-- name: add
INSERT INTO client_sessions (secret_hash, socket_id, namespace, identity, rooms, address, node_id,
                             since, heard_from)
VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8)

-- name: set_rooms
UPDATE client_sessions SET rooms = $3 WHERE secret_hash = $1 AND node_id = $2

-- name: lose
UPDATE client_sessions SET lost_at = $3, rooms = $4 WHERE secret_hash = $1 AND node_id = $2

-- name: remove
DELETE FROM client_sessions WHERE secret_hash = $1 AND node_id = $2

-- For the one node that it comes back to. One that is not lost is held by a node that has not seen
-- yet that its connection is broken, or that is gone itself.
-- name: take
UPDATE client_sessions
   SET taken_from = CASE WHEN lost_at IS NULL AND node_id <> $2 THEN node_id END,
       node_id = $2, lost_at = NULL, since = $5, address = $8
 WHERE secret_hash = $1 AND namespace = $3 AND identity = $4 AND put_out_by IS NULL
   AND (lost_at >= $6
        OR (lost_at IS NULL
            AND EXISTS (SELECT 1 FROM nodes AS n WHERE n.id = client_sessions.node_id AND n.seen_at >= $7)))
RETURNING socket_id, rooms, heard_from

-- Whose connections this node has to end.
-- name: to_end
SELECT secret_hash, socket_id, 0 FROM client_sessions WHERE taken_from = $1
UNION ALL
SELECT secret_hash, socket_id, 1 FROM client_sessions WHERE node_id = $1 AND put_out_by IS NOT NULL

-- name: ended_here
UPDATE client_sessions SET taken_from = NULL WHERE secret_hash = $1 AND taken_from = $2

-- Nobody comes back to these: they were lost too long ago, or with their node.
-- name: forget
DELETE FROM client_sessions
 WHERE lost_at < $1
    OR (lost_at IS NULL AND node_id <> $3
        AND NOT EXISTS (SELECT 1 FROM nodes AS n
                         WHERE n.id = client_sessions.node_id AND n.seen_at >= $2))

-- name: page
SELECT c.secret_hash, c.socket_id, c.identity, c.rooms, c.address, c.since, c.lost_at, n.name
  FROM client_sessions AS c JOIN nodes AS n ON n.id = c.node_id
 WHERE c.secret_hash > $1 ORDER BY c.secret_hash LIMIT $2

-- name: put_out
UPDATE client_sessions SET put_out_by = $2 WHERE secret_hash = $1

