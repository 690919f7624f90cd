-- What people are to be told by notifiers. A row is written with what it tells of, and stays until it was
-- sent; the node that serves its notifier sends it.
CREATE TABLE notices (
  id {identity},
  notifier TEXT NOT NULL,
  group_key TEXT NOT NULL,                   -- what belongs together: "failed/critical"
  content TEXT NOT NULL,                     -- JSON: see service/notices/notice.h
  hash TEXT NOT NULL,                        -- SHA-256 of the content
  created_at {instant} NOT NULL,
  due_at {instant} NOT NULL,                 -- when it may be tried, or tried again
  attempts {integer} NOT NULL DEFAULT 0,     -- that were refused for what it says
  last_error TEXT NOT NULL DEFAULT '',
  sent_at {instant},                         -- NULL: it is still to be sent
  given_up {integer} NOT NULL DEFAULT 0      -- 1: sent_at is when nobody tried any more
){table_end};
CREATE INDEX notices_due ON notices (notifier, due_at, id) WHERE sent_at IS NULL;
CREATE INDEX notices_sent ON notices (sent_at) WHERE sent_at IS NOT NULL;

-- What is still to be said is said once.
CREATE UNIQUE INDEX notices_to_send ON notices (notifier, group_key, hash) WHERE sent_at IS NULL;

-- Each notifier is served by one node at a time, so that what it is told comes in order.
CREATE TABLE notifiers (
  name TEXT NOT NULL PRIMARY KEY,
  node_id {integer},
  fence {integer} NOT NULL DEFAULT 0,
  lease_until {instant} NOT NULL,
  next_at {instant} NOT NULL,                -- it is not tried before
  failures {integer} NOT NULL DEFAULT 0,     -- in a row: it was away
  failing_since {instant},
  error TEXT NOT NULL DEFAULT '',            -- why the last try failed; '' where it did not
  sent_at {instant},                         -- when it was last told something
  minute_from {instant} NOT NULL,            -- of the minute whose messages are counted,
  minute_count {integer} NOT NULL DEFAULT 0  -- and how many they are
){table_end};
