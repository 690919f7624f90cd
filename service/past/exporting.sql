-- name: line
SELECT p.id, j.name, p.scheduled_for, p.trigger, coalesce(q.name, 'default'), p.requested_by, p.ended,
       p.attempt, p.execution_id, n.name, p.started_at, p.ended_at, p.took, p.set_aside_total, p.tally, p.reason
  FROM past_slots AS p
  JOIN jobs AS j ON j.id = p.job_id
  LEFT JOIN queues AS q ON q.id = p.queue_id
  LEFT JOIN nodes AS n ON n.id = p.node_id
 WHERE p.id = $1
