-- The auditor: what it goes by, what it found, and what it signed.

-- Which schedule of a job counted since when: a row with each change, in the transaction that makes it. The
-- first tells since when there is a record.
CREATE TABLE job_schedules (
  job_id {integer} NOT NULL,
  since {instant} NOT NULL,                  -- slots behind it are this schedule's
  schedule TEXT NOT NULL,                    -- as jobs.schedule has it
  PRIMARY KEY (job_id, since)
){keyed_end};
INSERT INTO job_schedules (job_id, since, schedule) SELECT id, entered_until, schedule FROM jobs;

-- One node audits. What it has looked at is written down, so that another goes on from there.
CREATE TABLE auditor_turns (
  one {integer} NOT NULL PRIMARY KEY CHECK (one = 1),
  node_id {integer},
  fence {integer} NOT NULL DEFAULT 0,
  lease_until {instant} NOT NULL,
  passed_at {instant},                       -- the last pass over the last day ended
  error TEXT NOT NULL DEFAULT ''             -- why the last try failed; '' where it did not
){table_end};

-- Settings and prices as the auditor saw them, and since when: a row where they are others than before.
CREATE TABLE auditor_seen (
  what TEXT NOT NULL,                        -- 'rules JOB', 'amounts'
  since {instant} NOT NULL,
  value TEXT NOT NULL,                       -- a JSON object
  PRIMARY KEY (what, since)
){keyed_end};

-- Differences between what should be and what is. They stay when they are gone.
CREATE TABLE auditor_differences (
  scope TEXT NOT NULL,                       -- what was looked at: 'slots JOB', 'money DATE', ...
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,                     -- the slot, the user, the execution it is about
  job TEXT NOT NULL,
  at {instant} NOT NULL,                     -- of the slot
  detail TEXT NOT NULL,
  found_at {instant} NOT NULL,
  seen_at {instant} NOT NULL,
  gone_at {instant},                         -- looked for again, and not found
  PRIMARY KEY (scope, kind, subject)
){keyed_end};
CREATE INDEX auditor_standing ON auditor_differences (at) WHERE gone_at IS NULL;

-- A report a day, each with the seal of the one before.
CREATE TABLE auditor_reports (
  day TEXT NOT NULL PRIMARY KEY CHECK (length(day) = 10),
  made_at {instant} NOT NULL,
  report TEXT NOT NULL,                      -- canonical JSON, to the letter what was signed
  seal TEXT NOT NULL,                        -- SHA-256 of it
  signature TEXT NOT NULL,                   -- Ed25519, in base64url; '' where there was no key
  differences {integer} NOT NULL
){keyed_end};
