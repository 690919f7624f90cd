-- What people are to be told by notifiers. A row is written with what it tells of, and stays until it was
-- sent; any node sends it.
CREATE TABLE notices (
  id {identity},
  notifier TEXT NOT NULL,
  group_key TEXT NOT NULL,                   -- what belongs together: "failed/critical"
  content TEXT NOT NULL,                     -- JSON: see service/notices/notice.h
  hash TEXT NOT NULL,                        -- SHA-256 of the content
  created_at {instant} NOT NULL,
  due_at {instant} NOT NULL,                 -- when it may be tried, or tried again
  attempts {integer} NOT NULL DEFAULT 0,
  leased_by {integer},                       -- the node that is sending it
  lease_until {instant},
  last_error TEXT NOT NULL DEFAULT '',
  sent_at {instant}                          -- NULL: it is still to be sent
){table_end};
CREATE INDEX notices_due ON notices (due_at, id) WHERE sent_at IS NULL;
CREATE INDEX notices_sent ON notices (sent_at) WHERE sent_at IS NOT NULL;

-- What is still to be said is said once.
CREATE UNIQUE INDEX notices_to_send ON notices (notifier, group_key, hash) WHERE sent_at IS NULL;
