-- Where the time of attempts went, of those that somebody wanted to know it of. Written once an attempt is
-- over, and kept as long as its history.
CREATE TABLE execution_profiles (
  execution_id TEXT PRIMARY KEY,
  job TEXT NOT NULL,
  slot_id {integer} NOT NULL,
  ended_at {instant} NOT NULL,
  summary TEXT NOT NULL,                     -- a JSON object: see service/profiling/profile.h
  ending {integer}                           -- until its end was recorded, in microseconds; none: not known
){table_end};
CREATE INDEX execution_profiles_by_job ON execution_profiles (job, ended_at);
CREATE INDEX execution_profiles_by_slot ON execution_profiles (slot_id);

-- Slots whose attempts somebody wants to have profiled.
CREATE TABLE profile_orders (
  slot_id {integer} PRIMARY KEY
){table_end};
