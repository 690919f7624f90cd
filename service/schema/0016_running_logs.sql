-- What attempts that run have said so far, in pieces as they came; none where they say nothing. The whole
-- takes their place as the attempt ends, or as its worker is found to have vanished.
CREATE TABLE running_logs (
  execution_id TEXT NOT NULL,
  begins {integer} NOT NULL CHECK (begins >= 0),         -- bytes that were said before it
  text TEXT NOT NULL,
  kept_from {integer} NOT NULL CHECK (kept_from >= 0),   -- what was said before this would not be kept
  written_at {instant} NOT NULL,
  PRIMARY KEY (execution_id, begins)
){table_end};
