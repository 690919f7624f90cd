-- Who may ask for what: tokens, the browser sessions that were begun with them, and what waits for a
-- second person. Of a secret only its hash stands here, so that none can be used by who reads this.

CREATE TABLE tokens (
  id {identity},
  key_id TEXT NOT NULL UNIQUE,               -- the part of a token that may be seen: it is found by it
  line TEXT NOT NULL,                        -- the key id of the first that it stands in the place of, or its own
  secret_hash TEXT NOT NULL,                 -- SHA-256 of the whole token
  name TEXT NOT NULL,                        -- of the person
  role TEXT NOT NULL CHECK (role = 'viewer' OR role = 'operator' OR role = 'admin'),
  rights TEXT NOT NULL,                      -- of the role's, these alone, separated by spaces; '' is all
  jobs TEXT NOT NULL,                        -- names, separated by spaces; '' is all
  networks TEXT NOT NULL,                    -- that it may be shown from, separated by spaces; '' is any
  created_at {instant} NOT NULL,
  created_by TEXT NOT NULL,
  expires_at {instant},
  revoked_at {instant},
  revoked_by TEXT NOT NULL DEFAULT '',
  last_used_at {instant},                    -- to the minute
  last_used_from TEXT NOT NULL DEFAULT '',
  CHECK ((revoked_at IS NULL) = (revoked_by = ''))
){table_end};
CREATE INDEX tokens_by_line ON tokens (line, id);

CREATE TABLE browser_sessions (
  secret_hash TEXT NOT NULL PRIMARY KEY,     -- of what the cookie holds
  csrf_hash TEXT NOT NULL,                   -- of what every change must show beside it
  token_id {integer} NOT NULL,               -- it was begun with
  address TEXT NOT NULL,                     -- it was begun from
  began_at {instant} NOT NULL,
  seen_at {instant} NOT NULL,
  ends_at {instant} NOT NULL,                -- at the latest
  ended_at {instant}                         -- somebody ended it before
){table_end};
CREATE INDEX browser_sessions_by_token ON browser_sessions (token_id);

CREATE TABLE approvals (
  id {identity},
  what TEXT NOT NULL,
  job TEXT NOT NULL,                         -- '' is no job alone
  plan TEXT NOT NULL,                        -- a JSON text: what will be done, to the letter
  plan_hash TEXT NOT NULL,                   -- SHA-256 of it
  requested_by TEXT NOT NULL,                -- a JSON object: who asked, with what he was granted then
  reason TEXT NOT NULL,
  requested_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,             -- 'open' means nothing after it
  state TEXT NOT NULL DEFAULT 'open'
    CHECK (state = 'open' OR state = 'approved' OR state = 'refused' OR state = 'withdrawn'),
  decided_by TEXT NOT NULL DEFAULT '',
  decision_reason TEXT NOT NULL DEFAULT '',
  decided_at {instant},
  CHECK ((state = 'open') = (decided_at IS NULL))
){table_end};
CREATE INDEX approvals_open ON approvals (expires_at) WHERE state = 'open';

-- With what a person asked for a slot: whether that still stands is asked when the slot is claimed.
ALTER TABLE slots ADD COLUMN token_id {integer};
