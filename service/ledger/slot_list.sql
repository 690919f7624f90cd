-- Lists of slots, newest first. A list walks: each statement gives the next $4 slots of one way through them,
-- which an index holds in their order, and for each whether it is like what was asked for. So a statement
-- reads as many rows as it gives, however rare what is looked for and however long the past.
-- The place is (scheduled_for, id): before ($1, $2), not before the instant $3.

-- part: whose
       ($5 = '' OR w.job_id = (SELECT id FROM jobs WHERE name = $5))
   AND ($6 = '' OR w.trigger = $6) AND ($7 = '' OR w.requested_by = $7)
   AND ($8 = '' OR $8 = coalesce((SELECT name FROM queues WHERE queues.id = w.queue_id), 'default'))

-- part: like_it
SELECT w.id, w.scheduled_for, CASE WHEN
{whose}
   AND ($9 = 0 OR EXISTS (
         SELECT 1 FROM past_slots AS p
          WHERE p.id = w.id AND ($10 = '' OR p.ended = $10) AND ($12 = 0 OR p.took >= $12)
            AND ($11 = '' OR p.node_id IN (SELECT id FROM nodes WHERE name = $11))))
       THEN 1 ELSE 0 END
  FROM (SELECT id, scheduled_for, job_id, trigger, requested_by, queue_id FROM slots
         WHERE partition_of IS NULL

-- part: going_back
           AND (scheduled_for, id) < ($1, $2) AND scheduled_for <= $1 AND scheduled_for >= $3
         ORDER BY scheduled_for DESC, id DESC LIMIT $4) AS w
 ORDER BY w.scheduled_for DESC, w.id DESC

-- part: notable_like_it
SELECT w.id, w.scheduled_for, CASE WHEN
{whose}
   AND ($9 = 0 OR (($10 = '' OR w.ended = $10) AND ($12 = 0 OR w.took >= $12)
                    AND ($11 = '' OR w.node_id IN (SELECT id FROM nodes WHERE name = $11))))
       THEN 1 ELSE 0 END
  FROM (SELECT id, noted_for AS scheduled_for, job_id, trigger, requested_by, queue_id,
               ended, node_id, took FROM past_slots
         WHERE partition_of IS NULL

-- part: notable_going_back
           AND (noted_for, id) < ($1, $2) AND noted_for <= $1 AND noted_for >= $3
         ORDER BY noted_for DESC, id DESC LIMIT $4) AS w
 ORDER BY w.scheduled_for DESC, w.id DESC

-- name: through_time
{like_it}
{going_back}

-- name: through_job
{like_it}
           AND job_id = (SELECT id FROM jobs WHERE name = $5)
{going_back}

-- What somebody asked for.
-- name: through_asked_for
{like_it}
           AND requested_by = $7 AND requested_by <> ''
{going_back}

-- name: through_unscheduled
{like_it}
           AND trigger = $6 AND trigger <> 'schedule'
{going_back}

-- Of any queue but the default one.
-- name: through_queue
{like_it}
           AND queue_id = (SELECT id FROM queues WHERE name = $8) AND queue_id IS NOT NULL
{going_back}

-- Ends that call for a look are few among those that do not.
-- name: through_notable
{notable_like_it}
           AND ended = $10 AND ended <> 'completed'
{notable_going_back}

-- What took a minute and more.
-- name: through_long
{notable_like_it}
           AND took >= 60000
{notable_going_back}

-- Slots that have not ended are few among those that have.
-- name: open
SELECT id, scheduled_for
  FROM slot_states
 WHERE id IN (SELECT slot_id FROM queue UNION ALL SELECT slot_id FROM leases)
   AND partition_of IS NULL AND (scheduled_for, id) < ($1, $2) AND scheduled_for >= $3
   AND ($5 = '' OR job = $5) AND ($6 = '' OR trigger = $6) AND ($7 = '' OR requested_by = $7)
   AND ($8 = '' OR queue = $8) AND ($9 = '' OR node_id IN (SELECT id FROM nodes WHERE name = $9))
   AND state = $10
 ORDER BY scheduled_for DESC, id DESC LIMIT $4

-- When a node of this name was last seen, whichever of its processes.
-- name: node_seen
SELECT max(coalesce(stopped_at, seen_at)), max(seen_at) FROM nodes WHERE name = $1
