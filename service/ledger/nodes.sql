-- name: add
INSERT INTO nodes (name, host, boot_id, pid, pid_start, started_at, seen_at, version, zone_data)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
RETURNING id

-- name: seen
UPDATE nodes SET seen_at = $2, clock_ahead = $3 WHERE id = $1

-- name: stopped
UPDATE nodes SET seen_at = $2, stopped_at = $2 WHERE id = $1

-- name: alive
SELECT count(*) FROM nodes WHERE stopped_at IS NULL AND seen_at >= $1

-- name: list
SELECT n.id, n.name, n.host, n.version, n.zone_data, n.started_at, n.seen_at, n.stopped_at,
       n.clock_ahead, (SELECT count(*) FROM leases AS l WHERE l.node_id = n.id),
       n.drained_by, n.drained_because, n.drained_at
  FROM nodes AS n
 WHERE n.seen_at >= $1 OR n.stopped_at IS NULL
 ORDER BY n.id DESC LIMIT 200

-- name: view
SELECT n.id, n.name, n.host, n.version, n.zone_data, n.started_at, n.seen_at, n.stopped_at,
       n.clock_ahead, (SELECT count(*) FROM leases AS l WHERE l.node_id = n.id),
       n.drained_by, n.drained_because, n.drained_at
  FROM nodes AS n
 WHERE n.id = $1

-- By its number.
-- name: one
SELECT id, name, stopped_at, drained_by FROM nodes WHERE id = $1

-- The newest that is called so.
-- name: named
SELECT id, name, stopped_at, drained_by FROM nodes WHERE name = $1 ORDER BY id DESC LIMIT 1

-- name: drain
UPDATE nodes SET drained_by = $2, drained_because = $3, drained_at = coalesce(drained_at, $4) WHERE id = $1

-- name: take_back
UPDATE nodes SET drained_by = NULL, drained_because = NULL, drained_at = NULL WHERE id = $1

-- name: drain_of
SELECT drained_by, drained_because, drained_at FROM nodes WHERE id = $1 AND drained_by IS NOT NULL
