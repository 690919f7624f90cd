-- The slot ledger, the outbox and the audit.
--
-- A slot is a row of `slots`, made before any work and never changed. Where it stands is told by
-- the one other table that holds it:
--   queue     due, later (due, but not available yet), waiting or unknown
--   leases    running: one row per execution that holds a slot now
--   history   ended, once a row of it there has an end
-- So what the scheduler turns over is small whatever the history has grown to, and a slot that is
-- done costs one row and no index. `slot_states` shows all of it as one table.

-- A job as all nodes share it: how far its slots have been entered, whether a person paused it, how
-- it fared lately.
CREATE TABLE jobs (
  id {identity},
  name TEXT NOT NULL UNIQUE,
  schedule TEXT NOT NULL,                    -- with zone and rule, so that a change is noticed
  entered_until {instant} NOT NULL,          -- every slot up to here has its row
  paused_by TEXT,
  paused_reason TEXT,
  paused_at {instant},
  paused_until {instant},
  failures_in_a_row {integer} NOT NULL DEFAULT 0 CHECK (failures_in_a_row >= 0),
  last_failure_at {instant},
  CHECK ((paused_by IS NULL) = (paused_at IS NULL)),
  CHECK ((paused_by IS NULL) = (paused_reason IS NULL)),
  CHECK (paused_until IS NULL OR paused_by IS NOT NULL)
){table_end};

-- Those of which a claim has to know more than their name.
CREATE INDEX jobs_in_trouble ON jobs (id) WHERE paused_by IS NOT NULL OR failures_in_a_row > 0;

-- A job's own small state, such as a watermark; written by its chunks, and so apart from what
-- settlements write.
CREATE TABLE memos (
  job TEXT PRIMARY KEY,
  memo TEXT NOT NULL
){keyed_end};

-- A process that works slots. The same process id with the same start on the same boot is the same
-- process: anything else means that this one is gone.
CREATE TABLE nodes (
  id {identity},
  name TEXT NOT NULL,
  host TEXT NOT NULL,                        -- machine and process namespace: where `pid` counts
  boot_id TEXT NOT NULL,
  pid {integer} NOT NULL,
  pid_start {integer} NOT NULL,              -- in the kernel's ticks since boot
  started_at {instant} NOT NULL,
  seen_at {instant} NOT NULL,
  stopped_at {instant},                      -- it said goodbye
  version TEXT NOT NULL,
  zone_data TEXT NOT NULL,                   -- the version of the time zone data it reckons with
  clock_ahead {integer} NOT NULL DEFAULT 0   -- of its clock before the database's, in milliseconds
){table_end};

CREATE TABLE slots (
  id {identity},
  job_id {integer} NOT NULL REFERENCES jobs (id),
  scheduled_for {instant} NOT NULL,
  slot_key TEXT NOT NULL,
  trigger TEXT NOT NULL
    CHECK (trigger = 'schedule' OR trigger = 'catch_up' OR trigger = 'early' OR trigger = 'manual'
           OR trigger = 'backfill'),
  generation {integer} NOT NULL DEFAULT 0,   -- raised by a restore from a backup
  priority {integer} NOT NULL,
  claim_rank {integer} NOT NULL,             -- the order of claims, smallest first
  requested_by TEXT NOT NULL,
  entered_at {instant} NOT NULL,
  partition_of {integer},                    -- the slot that was divided, where this is a part of it
  UNIQUE (job_id, scheduled_for, slot_key)
){table_end};
CREATE INDEX slots_by_time ON slots (scheduled_for, id);
CREATE INDEX slots_partitions ON slots (partition_of) WHERE partition_of IS NOT NULL;

-- Slots that nobody works now. `line` is the job's id for those that wait for another execution of
-- their job, and 0 for all others, which are claimed in one common order.
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
  CHECK ((phase = 'waiting') = (line <> 0))
){keyed_end};
CREATE INDEX queue_later ON queue (phase, available_at) WHERE phase = 'later';

-- The right to work a slot. `lane` is 0 where no other execution of the job may run beside this
-- one, otherwise the slot's id: so the database itself refuses a second one. A slot that was divided
-- keeps its row, which nobody holds any more, until the last of its partitions has ended; these run in
-- lanes of their own.
CREATE TABLE leases (
  job_id {integer} NOT NULL,
  lane {integer} NOT NULL,
  slot_id {integer} NOT NULL,
  fence {integer} NOT NULL CHECK (fence > 0),
  attempt {integer} NOT NULL,
  execution_id TEXT NOT NULL,
  node_id {integer} NOT NULL,
  lease_until {instant} NOT NULL,
  started_at {instant} NOT NULL,
  available_at {instant} NOT NULL,
  vanished {integer} NOT NULL,
  cursor_at TEXT NOT NULL,
  progress_done {integer} NOT NULL,
  progress_total {integer} NOT NULL DEFAULT 0,
  cancel_requested_by TEXT,
  partition_of {integer},
  partitions_open {integer} NOT NULL DEFAULT 0 CHECK (partitions_open >= 0),
  PRIMARY KEY (job_id, lane),
  CHECK (lane = 0 OR lane = slot_id),
  CHECK (partition_of IS NULL OR lane = slot_id)
){keyed_end};
CREATE INDEX leases_cancelling ON leases (node_id) WHERE cancel_requested_by IS NOT NULL;

-- What came of each attempt, and how each slot ended: the last row of a slot that has ended says so
-- in `ended`. An end without an attempt (refused, missed, cancelled while due) has no execution.
CREATE TABLE history (
  slot_id {integer} NOT NULL,
  fence {integer} NOT NULL,
  ended TEXT
    CHECK (ended IS NULL OR ended = 'completed' OR ended = 'refused' OR ended = 'missed'
           OR ended = 'completed_with_errors' OR ended = 'failed' OR ended = 'timed_out'
           OR ended = 'cancelled'),
  attempt {integer} NOT NULL,
  execution_id TEXT,                         -- carries its slot's id: see service/ledger/execution_id.h
  node_id {integer},
  started_at {instant},
  ended_at {instant} NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome <> ''),
  reason TEXT NOT NULL,
  tally TEXT NOT NULL DEFAULT '{}',          -- a JSON object of numbers
  set_aside_total {integer} NOT NULL DEFAULT 0,
  PRIMARY KEY (slot_id, fence),
  CHECK ((execution_id IS NULL) = (node_id IS NULL)),
  CHECK (execution_id IS NOT NULL OR ended IS NOT NULL)
){keyed_end};
CREATE INDEX history_notable ON history (ended, slot_id) WHERE ended <> 'completed';

-- The records an attempt set aside: one bad record stops no other.
CREATE TABLE failures (
  execution_id TEXT NOT NULL,
  number {integer} NOT NULL,
  record TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (execution_id, number)
){keyed_end};

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
                     AND pq.line IN (0, p.job_id) AND pq.claim_rank = p.claim_rank AND pq.slot_id = p.id
               WHERE p.partition_of = s.id), 0) AS {integer})
           ELSE 0 END AS progress_done,
       coalesce(l.progress_total, 0) AS progress_total,
       l.cancel_requested_by,
       s.partition_of
  FROM slots AS s
  JOIN jobs AS j ON j.id = s.job_id
  LEFT JOIN leases AS l ON l.job_id = s.job_id AND l.lane IN (0, s.id) AND l.slot_id = s.id
  LEFT JOIN queue AS q ON q.phase IN ('due', 'later', 'waiting', 'unknown')
       AND q.line IN (0, s.job_id) AND q.claim_rank = s.claim_rank AND q.slot_id = s.id
  LEFT JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL;

-- Events on their way to clients. They commit with the rows they speak of.
CREATE TABLE outbox (
  id {identity},
  created_at {instant} NOT NULL,
  event TEXT NOT NULL,
  rooms TEXT NOT NULL,                       -- separated by spaces; '' is everybody
  payload TEXT NOT NULL,                     -- a JSON object
  execution_id TEXT NOT NULL
){table_end};

-- What people did.
CREATE TABLE audit (
  id {identity},
  at {instant} NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,                        -- pause, resume, cancel, run, backfill, decide
  job TEXT NOT NULL,
  slot_id {integer},
  detail TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT ''
){table_end};
CREATE INDEX audit_by_job ON audit (job, id);
