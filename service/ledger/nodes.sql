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
