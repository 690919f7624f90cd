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
       n.clock_ahead, (SELECT count(*) FROM leases AS l WHERE l.node_id = n.id)
  FROM nodes AS n
 WHERE n.seen_at >= $1 OR n.stopped_at IS NULL
 ORDER BY n.id DESC LIMIT 200
