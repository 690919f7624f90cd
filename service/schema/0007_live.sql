-- What people change of jobs while nodes work.

-- Each change of a job's settings. Rows are only added; the newest of a job holds all of its values that are
-- in force live, each with the version that put it there: {"schedule": ["0 5 * * *", 3]}. So what is in force is one
-- row for each job. Ids rise in the order of commits.
CREATE TABLE live_changes (
  id {identity},
  job TEXT NOT NULL,
  version {integer} NOT NULL CHECK (version > 0),  -- of the job
  act TEXT NOT NULL,                         -- schedule.set, schedule.reset, enable, disable, priority, undo
  was TEXT NOT NULL,                         -- all live values of the job before it, as JSON,
  became TEXT NOT NULL,                      -- and after it
  author TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  at {instant} NOT NULL,
  undoes {integer},                          -- the version that it took back
  UNIQUE (job, version)
){table_end};

-- What of it the ledger must know as it claims and enters: who switched the job off, and the version that
-- changed its schedule last. Written with the change.
ALTER TABLE jobs ADD COLUMN disabled_by TEXT;
ALTER TABLE jobs ADD COLUMN disabled_reason TEXT;
ALTER TABLE jobs ADD COLUMN schedule_change {integer} NOT NULL DEFAULT 0;
DROP INDEX jobs_in_trouble;
CREATE INDEX jobs_in_trouble ON jobs (id)
 WHERE paused_by IS NOT NULL OR failures_in_a_row > 0 OR disabled_by IS NOT NULL;
CREATE INDEX jobs_rescheduled ON jobs (id) WHERE schedule_change > 0;

-- One row while nothing may start, on any node, whoever asks.
CREATE TABLE kill_switch (
  one {integer} NOT NULL PRIMARY KEY CHECK (one = 1),
  switched_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  since {instant} NOT NULL
){table_end};
