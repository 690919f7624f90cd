-- What Prometheus is told of the whole cluster. Each question looks at a bounded number of rows.

-- Slots that nobody works, up to $1 of them.
-- name: waiting
SELECT w.phase, coalesce(u.name, 'default'), w.priority, count(*), min(w.available_at)
  FROM (SELECT q.phase, s.queue_id, s.priority, q.available_at
          FROM queue AS q JOIN slots AS s ON s.id = q.slot_id LIMIT $1) AS w
  LEFT JOIN queues AS u ON u.id = w.queue_id
 GROUP BY w.phase, coalesce(u.name, 'default'), w.priority

-- name: running
SELECT coalesce(u.name, 'default'), count(*)
  FROM (SELECT slot_id FROM leases LIMIT $1) AS l
  JOIN slots AS s ON s.id = l.slot_id
  LEFT JOIN queues AS u ON u.id = s.queue_id
 GROUP BY coalesce(u.name, 'default')

-- The last success is looked for among the newest $2 slots of a job.
-- name: jobs
SELECT j.name, CASE WHEN j.paused_by IS NULL THEN 0 ELSE 1 END, j.failures_in_a_row,
       (SELECT h.ended_at
          FROM (SELECT s.id, s.scheduled_for FROM slots AS s
                 WHERE s.job_id = j.id AND s.partition_of IS NULL
                 ORDER BY s.scheduled_for DESC LIMIT $2) AS r
          JOIN history AS h ON h.slot_id = r.id AND h.ended IN ('completed', 'completed_with_errors')
         ORDER BY r.scheduled_for DESC LIMIT 1)
  FROM jobs AS j ORDER BY j.id LIMIT $1

-- Ids may have gaps: as many as there can be at most.
-- name: outbox
SELECT coalesce((SELECT max(id) FROM outbox) - (SELECT min(id) FROM outbox) + 1, 0)

-- name: sinks
SELECT k.name, (SELECT count(*) FROM (SELECT o.id FROM outbox AS o WHERE o.id > k.position LIMIT $1) AS w),
       (SELECT o.created_at FROM outbox AS o WHERE o.id > k.position ORDER BY o.id LIMIT 1)
  FROM relay_sinks AS k ORDER BY k.name LIMIT 100

-- name: nodes
SELECT count(*) FROM nodes WHERE stopped_at IS NULL AND seen_at >= $1

-- name: alerts
SELECT f.rule, f.severity, count(*)
  FROM (SELECT rule, severity FROM alerts WHERE open = 1 AND state = 'firing' LIMIT $1) AS f
 GROUP BY f.rule, f.severity

-- The last pass over the rules.
-- name: evaluated
SELECT passed_at FROM alert_turn
