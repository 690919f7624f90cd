-- Sinks: see service/schema/0003_realtime.sql.

-- name: enlist
INSERT INTO relay_sinks (name, position, lease_until) VALUES ($1, $2, $3)
ON CONFLICT (name) DO NOTHING

-- name: claim
UPDATE relay_sinks SET node_id = $2, fence = fence + 1, lease_until = $4
 WHERE name = $1 AND lease_until <= $3
RETURNING position, fence

-- name: hold
UPDATE relay_sinks SET lease_until = $3 WHERE name = $1 AND fence = $2

-- name: advance
UPDATE relay_sinks SET position = $3, lease_until = $4, handed_on_at = $5, error = ''
 WHERE name = $1 AND fence = $2

-- name: fail
UPDATE relay_sinks SET error = $3, lease_until = $4 WHERE name = $1 AND fence = $2

-- name: release
UPDATE relay_sinks SET lease_until = $3 WHERE name = $1 AND fence = $2

-- Sinks that no node has any more hold nobody up.
-- name: heard_by_all
SELECT min(position) FROM relay_sinks WHERE lease_until >= $1
