-- What the API was asked with an idempotency key, and what it answered: whoever heard no answer asks
-- again and gets that one. Rows go after a day.
CREATE TABLE api_requests (
  who TEXT NOT NULL,                -- "token:17"
  request_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,        -- SHA-256 of method, path, query and body
  begun_at {instant} NOT NULL,
  status {integer},                 -- none: it is being worked, or nobody knows
  answer TEXT NOT NULL DEFAULT '',  -- JSON: body, etag, location
  PRIMARY KEY (who, request_key)
){table_end};
CREATE INDEX api_requests_by_time ON api_requests (begun_at);
