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

-- A job's newest $2 that have ended.
-- name: recent
SELECT id, scheduled_for, ended, took, execution_id
  FROM past_slots
 WHERE job_id = (SELECT id FROM jobs WHERE name = $1) AND partition_of IS NULL
 ORDER BY scheduled_for DESC, id DESC LIMIT $2

-- Those that have not ended.
-- name: open
SELECT job, scheduled_for, state
  FROM slot_states
 WHERE id IN (SELECT slot_id FROM queue UNION ALL SELECT slot_id FROM leases)
   AND partition_of IS NULL AND scheduled_for >= $1 AND scheduled_for < $2
 ORDER BY scheduled_for DESC LIMIT $3

-- The newest $3 slots that were due from $1 on and before $2 and have ended: when their first attempt began, and
-- when the last one ended.
-- name: worked
SELECT j.name, s.scheduled_for, s.id, h.ended,
       (SELECT min(f.started_at) FROM history AS f WHERE f.slot_id = s.id), h.ended_at, s.trigger, h.attempt
  FROM (SELECT id, job_id, scheduled_for, trigger FROM slots
         WHERE partition_of IS NULL AND scheduled_for >= $1 AND scheduled_for < $2
         ORDER BY scheduled_for DESC, id DESC LIMIT $3) AS s
  JOIN jobs AS j ON j.id = s.job_id
  JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
 ORDER BY s.scheduled_for DESC

-- Of those that were due from $1 on and before $2 and took a minute or longer: which ended behind $2.
-- name: reaching_in
SELECT j.name, p.scheduled_for, p.id, p.ended,
       (SELECT min(f.started_at) FROM history AS f WHERE f.slot_id = p.id), p.ended_at, p.trigger, p.attempt
  FROM past_slots AS p JOIN jobs AS j ON j.id = p.job_id
 WHERE p.took >= 60000 AND p.noted_for >= $1 AND p.noted_for < $2 AND p.ended_at >= $2 AND p.partition_of IS NULL
 ORDER BY p.noted_for DESC, p.id DESC LIMIT $3

-- Whatever has not ended and was due before $1.
-- name: still_open
SELECT s.job, s.scheduled_for, s.id, s.state,
       coalesce((SELECT min(f.started_at) FROM history AS f WHERE f.slot_id = s.id), s.started_at), s.ended_at,
       s.trigger, s.attempt
  FROM slot_states AS s
 WHERE s.id IN (SELECT slot_id FROM queue UNION ALL SELECT slot_id FROM leases)
   AND s.partition_of IS NULL AND s.scheduled_for < $1
 ORDER BY s.scheduled_for DESC LIMIT $2

-- name: queues
SELECT id, name FROM queues ORDER BY id LIMIT $1

-- Of the newest $3 slots that were due from $1 on and before $2 those of the default queue (whose number is $4, 0):
-- when they were entered, and when their first attempt began.
-- name: begun
SELECT s.scheduled_for, s.entered_at, s.trigger,
       coalesce((SELECT min(h.started_at) FROM history AS h WHERE h.slot_id = s.id),
                (SELECT l.started_at FROM leases AS l
                  WHERE l.job_id = s.job_id AND l.lane IN (0, s.id) AND l.slot_id = s.id))
  FROM (SELECT id, job_id, scheduled_for, entered_at, trigger, queue_id FROM slots
         WHERE partition_of IS NULL AND scheduled_for >= $1 AND scheduled_for < $2
         ORDER BY scheduled_for DESC, id DESC LIMIT $3) AS s
 WHERE coalesce(s.queue_id, 0) = $4

-- The same of another queue, by its own index.
-- name: begun_in
SELECT s.scheduled_for, s.entered_at, s.trigger,
       coalesce((SELECT min(h.started_at) FROM history AS h WHERE h.slot_id = s.id),
                (SELECT l.started_at FROM leases AS l
                  WHERE l.job_id = s.job_id AND l.lane IN (0, s.id) AND l.slot_id = s.id))
  FROM (SELECT id, job_id, scheduled_for, entered_at, trigger FROM slots
         WHERE queue_id = $4 AND partition_of IS NULL AND scheduled_for >= $1 AND scheduled_for < $2
         ORDER BY scheduled_for DESC, id DESC LIMIT $3) AS s
