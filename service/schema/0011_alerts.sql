-- Alerts: what rules found, and who was told.

-- A finding that is kept. It stands, pending or firing, in one row for each identity; what is over stays to
-- be shown. `open` is 1 while a pass has to look at it: it stands, or somebody must still be told that it is over.
CREATE TABLE alerts (
  id {identity},
  rule TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity = 'info' OR severity = 'warning' OR severity = 'critical'),
  identity TEXT NOT NULL,                    -- the rule and its labels, in one text
  labels TEXT NOT NULL,                      -- JSON: {"job": "trust-score"}
  annotations TEXT NOT NULL,                 -- JSON: summary, detail, value, execution, runbook
  state TEXT NOT NULL CHECK (state = 'pending' OR state = 'firing' OR state = 'resolved'),
  began_at {instant} NOT NULL,
  fired_at {instant},
  away_since {instant},                      -- firing, but not so any more
  resolved_at {instant},
  resolve_after {integer} NOT NULL,          -- so many milliseconds away until it is over
  mark TEXT NOT NULL,                        -- begins anew where this is another
  held_back TEXT NOT NULL,                   -- why nobody is told: a silence, another alert; '' is not
  told {integer} NOT NULL,                   -- 1: a notice said that it fires, and none that it is over
  open {integer} NOT NULL,
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
  CHECK (state = 'pending' OR fired_at IS NOT NULL)
){table_end};
CREATE UNIQUE INDEX alerts_standing ON alerts (identity) WHERE resolved_at IS NULL;
CREATE INDEX alerts_open ON alerts (id) WHERE open = 1;
CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;

-- What is told together: one row for each rule and severity of which something fires or was told.
CREATE TABLE alert_groups (
  group_key TEXT NOT NULL PRIMARY KEY,       -- "failed/critical"
  since {instant} NOT NULL,                  -- the first of it came
  told_at {instant}                          -- the last notice; NULL: none yet
){table_end};

-- What people want to hear nothing of, for a while.
CREATE TABLE silences (
  id {identity},
  matchers TEXT NOT NULL,                    -- JSON: {"rule": "late", "job": "trust-*"}
  author TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  begins_at {instant} NOT NULL,
  ends_at {instant} NOT NULL,                -- brought forward where somebody lifts it
  made_at {instant} NOT NULL,
  lifted_by TEXT NOT NULL DEFAULT ''
){table_end};
CREATE INDEX silences_by_end ON silences (ends_at);

-- The one node that evaluates.
CREATE TABLE alert_turn (
  one {integer} NOT NULL PRIMARY KEY CHECK (one = 1),
  node_id {integer} NOT NULL,
  fence {integer} NOT NULL,
  lease_until {instant} NOT NULL,
  passed_at {instant}                        -- the last pass that was written
){table_end};

-- What only a node itself can see, as it last saw it.
CREATE TABLE node_facts (
  node_id {integer} NOT NULL PRIMARY KEY,
  at {instant} NOT NULL,
  disk TEXT NOT NULL,                        -- where it looked
  disk_free {real},                          -- percent; NULL: it cannot tell
  database_answers {integer} NOT NULL,       -- within so many milliseconds
  reload_refused TEXT NOT NULL               -- why the settings read last are not in force; '' is they are
){roomy_end};

-- What went wrong lately, whatever the history has grown to.
CREATE INDEX history_trouble ON history (ended, ended_at) WHERE ended <> 'completed';
-- Nodes that were there lately.
CREATE INDEX nodes_by_sighting ON nodes (seen_at);
