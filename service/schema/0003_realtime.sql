-- Who is connected, and how far the outbox was handed on.

-- A client that is connected to a node, or was until lately and may come back to any of them.
CREATE TABLE client_sessions (
  secret_hash TEXT NOT NULL PRIMARY KEY,     -- of what the client comes back with; never that itself
  socket_id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  identity TEXT NOT NULL,                    -- 'user:17'; '' is an anonymous viewer
  rooms TEXT NOT NULL,                       -- separated by spaces, without its own user's
  address TEXT NOT NULL,
  node_id {integer} NOT NULL,                -- that holds it, or did last
  since {instant} NOT NULL,
  heard_from {integer} NOT NULL,             -- events behind this one may have been missed
  lost_at {instant},                         -- NULL: it is connected, as far as its node knows
  taken_from {integer},                      -- a node that may still hold its connection, and must end it
  put_out_by TEXT                            -- a person who wants it to be disconnected
){table_end};
CREATE INDEX client_sessions_by_node ON client_sessions (node_id);
CREATE INDEX client_sessions_to_end ON client_sessions (taken_from) WHERE taken_from IS NOT NULL;
CREATE INDEX client_sessions_to_put_out ON client_sessions (node_id) WHERE put_out_by IS NOT NULL;

-- Servers of the platform that events are handed to, each by one node at a time.
CREATE TABLE relay_sinks (
  name TEXT NOT NULL PRIMARY KEY,
  position {integer} NOT NULL,               -- the last event that was handed on
  node_id {integer},
  fence {integer} NOT NULL DEFAULT 0,
  lease_until {instant} NOT NULL,
  handed_on_at {instant},
  error TEXT NOT NULL DEFAULT ''             -- why the last try failed; '' where it did not
){table_end};
