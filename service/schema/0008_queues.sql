-- Queues: lines of slots beside the common one, which share the workers by weight. What a queue may do is a
-- setting; here are the names, so that a line has a number on every node.
CREATE TABLE queues (
  id {identity},
  name TEXT NOT NULL UNIQUE
){table_end};

-- NULL is the default queue. A job's is where its slots are put from now on, a slot's where it was put.
ALTER TABLE jobs ADD COLUMN queue_id {integer};
ALTER TABLE slots ADD COLUMN queue_id {integer};

-- The queue table is made anew, because its lines have a new meaning: `line` is the job's id for slots that wait
-- for another execution of their job, 0 for those of the default queue, and for those of another queue its id with a
-- minus before it. So each queue is read from the head of its own line.
DROP VIEW slot_states;
DROP INDEX queue_later;
ALTER TABLE queue RENAME TO queue_before;
CREATE TABLE queue (
  phase TEXT NOT NULL
    CHECK (phase = 'due' OR phase = 'later' OR phase = 'waiting' OR phase = 'unknown'),
  line {integer} NOT NULL,
  claim_rank {integer} NOT NULL,
  slot_id {integer} NOT NULL,
  available_at {instant} NOT NULL,
  attempt {integer} NOT NULL,                -- attempts so far that count
  fence {integer} NOT NULL,                  -- the largest it had
  vanished {integer} NOT NULL,               -- how many workers vanished with it
  cursor_at TEXT NOT NULL,                   -- where its last committed chunk ended
  progress_done {integer} NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (phase, line, claim_rank, slot_id),
  CHECK ((phase = 'waiting') = (line > 0))
){keyed_end};
INSERT INTO queue (phase, line, claim_rank, slot_id, available_at, attempt, fence, vanished,
                   cursor_at, progress_done, reason)
SELECT phase, line, claim_rank, slot_id, available_at, attempt, fence, vanished, cursor_at, progress_done, reason
  FROM queue_before;
DROP TABLE queue_before;
CREATE INDEX queue_later ON queue (phase, available_at) WHERE phase = 'later';

-- Every slot and where it stands, for people and for `doctor`: each has exactly one state.
CREATE VIEW slot_states AS
SELECT s.id, j.name AS job, s.scheduled_for, s.slot_key, s.trigger, s.priority, s.requested_by,
       s.entered_at,
       CASE WHEN l.slot_id IS NOT NULL THEN 'running'
            WHEN q.phase = 'later' THEN 'due'
            WHEN q.phase IS NOT NULL THEN q.phase
            WHEN h.ended IS NOT NULL THEN 'ended' END AS state,
       h.ended,
       coalesce(h.reason, q.reason, '') AS reason,
       coalesce(l.attempt, q.attempt, h.attempt) AS attempt,
       coalesce(l.execution_id, h.execution_id) AS execution_id,
       coalesce(l.node_id, h.node_id) AS node_id,
       coalesce(l.started_at, h.started_at) AS started_at,
       h.ended_at,
       coalesce(l.available_at, q.available_at) AS available_at,
       coalesce(l.cursor_at, q.cursor_at, '') AS cursor_at,
       coalesce(l.progress_done, q.progress_done, 0)
         + CASE WHEN l.partitions_open > 0 THEN CAST(coalesce(
             (SELECT sum(coalesce(pl.progress_done, pq.progress_done))
                FROM slots AS p
                LEFT JOIN leases AS pl ON pl.job_id = p.job_id AND pl.lane = p.id
                LEFT JOIN queue AS pq ON pq.phase IN ('due', 'later', 'waiting', 'unknown')
                     AND pq.line IN (coalesce(-p.queue_id, 0), p.job_id) AND pq.claim_rank = p.claim_rank AND pq.slot_id = p.id
               WHERE p.partition_of = s.id), 0) AS {integer})
           ELSE 0 END AS progress_done,
       coalesce(l.progress_total, 0) AS progress_total,
       l.cancel_requested_by,
       s.partition_of,
       coalesce(w.name, 'default') AS queue
  FROM slots AS s
  JOIN jobs AS j ON j.id = s.job_id
  LEFT JOIN queues AS w ON w.id = s.queue_id
  LEFT JOIN leases AS l ON l.job_id = s.job_id AND l.lane IN (0, s.id) AND l.slot_id = s.id
  LEFT JOIN queue AS q ON q.phase IN ('due', 'later', 'waiting', 'unknown')
       AND q.line IN (coalesce(-s.queue_id, 0), s.job_id) AND q.claim_rank = s.claim_rank AND q.slot_id = s.id
  LEFT JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL;
