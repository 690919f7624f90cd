-- name: is_execution
SELECT slot_id FROM history WHERE slot_id = $1 AND execution_id = $2
UNION ALL
SELECT slot_id FROM leases WHERE slot_id = $1 AND execution_id = $2
