-- What an operator sees first. Each question looks at a bounded number of rows.

-- Who is connected now, up to $1 of them.
-- name: sockets
SELECT count(*) FROM (SELECT secret_hash FROM client_sessions WHERE lost_at IS NULL LIMIT $1) AS c

-- What nodes that were seen since $1 can see themselves.
-- name: facts
SELECT max(f.database_answers), min(f.disk_free)
  FROM nodes AS n JOIN node_facts AS f ON f.node_id = n.id
 WHERE n.stopped_at IS NULL AND n.seen_at >= $1 AND f.at >= $1

-- The newest $3 slots that were due from $1 on and before $2, with how they ended.
-- name: ended
SELECT j.name, s.scheduled_for, h.ended
  FROM (SELECT id, job_id, scheduled_for FROM slots
         WHERE partition_of IS NULL AND scheduled_for >= $1 AND scheduled_for < $2
         ORDER BY scheduled_for DESC, id DESC LIMIT $3) AS s
  JOIN jobs AS j ON j.id = s.job_id
  JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
 ORDER BY s.scheduled_for DESC

-- Those that have not ended.
-- name: open
SELECT job, scheduled_for, state
  FROM slot_states
 WHERE id IN (SELECT slot_id FROM queue UNION ALL SELECT slot_id FROM leases)
   AND partition_of IS NULL AND scheduled_for >= $1 AND scheduled_for < $2
 ORDER BY scheduled_for DESC LIMIT $3
