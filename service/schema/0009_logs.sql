-- What an attempt said; none where it said nothing. Written with its end, and kept as long as its history.
CREATE TABLE execution_logs (
  execution_id TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  dropped {integer} NOT NULL DEFAULT 0 CHECK (dropped >= 0)   -- bytes that stood in front of it
){table_end};
