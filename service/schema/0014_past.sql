-- The past: lists that are narrowed by whatever people look for, words in what went wrong, and the figures of
-- days whose slots are forgotten. What completed as it should pays for none of these indexes.

-- The slot's instant once more, so that what is rare is found newest first without looking at the rest. Rows
-- that were there before and are in no index have none.
ALTER TABLE history ADD COLUMN scheduled_for {instant};
UPDATE history
   SET scheduled_for = (SELECT s.scheduled_for FROM slots AS s WHERE s.id = history.slot_id)
 WHERE ended <> 'completed' OR reason <> '' OR {took} >= 60000;

DROP INDEX history_notable;
CREATE INDEX history_notable ON history (ended, scheduled_for, slot_id) WHERE ended <> 'completed';
CREATE INDEX history_long ON history (scheduled_for, slot_id) WHERE {took} >= 60000;
CREATE INDEX history_reasons ON history (scheduled_for, slot_id, fence) WHERE reason <> '';
CREATE INDEX slots_asked_for ON slots (requested_by, scheduled_for{and_id}) WHERE requested_by <> '';
CREATE INDEX slots_unscheduled ON slots (trigger, scheduled_for{and_id}) WHERE trigger <> 'schedule';
CREATE INDEX slots_by_queue ON slots (queue_id, scheduled_for{and_id}) WHERE queue_id IS NOT NULL;

-- Words, where the engine has an index for them: as service/past/search_by_index.sql asks for them.
{by_words}CREATE INDEX history_words ON history USING gin (to_tsvector('simple', translate(left(reason, 100000), './:@_-<>&=%+#~?', '               '))) WHERE reason <> '';
{by_words}CREATE INDEX failures_words ON failures USING gin (to_tsvector('simple', translate(left(record || ' ' || message, 100000), './:@_-<>&=%+#~?', '               ')));
{by_words}CREATE INDEX execution_logs_words ON execution_logs USING gin (to_tsvector('simple', translate(left(text, 100000), './:@_-<>&=%+#~?', '               ')));

-- Slots that have ended, with how long their last attempt took, in milliseconds.
CREATE VIEW past_slots AS
SELECT h.slot_id AS id, s.job_id, s.scheduled_for, h.scheduled_for AS noted_for, s.slot_key, s.trigger,
       s.requested_by, s.entered_at, s.queue_id, s.partition_of, h.ended, h.attempt, h.execution_id, h.node_id,
       h.started_at, h.ended_at, {took} AS took, h.reason, h.tally, h.set_aside_total
  FROM history AS h JOIN slots AS s ON s.id = h.slot_id
 WHERE h.ended IS NOT NULL;

-- A job's day in UTC, by the instants of its slots: how they ended, how long they took and how late they
-- began. Written by the retention once the day is over, and once more before the first of its slots is
-- forgotten: from then on it is `sealed`, and all that is left of them.
CREATE TABLE job_days (
  job_id {integer} NOT NULL REFERENCES jobs (id),
  day {instant} NOT NULL,
  sealed {integer} NOT NULL DEFAULT 0 CHECK (sealed = 0 OR sealed = 1),
  ends TEXT NOT NULL,                        -- a JSON object of numbers
  durations TEXT NOT NULL,                   -- see service/past/spread.h
  lateness TEXT NOT NULL,
  PRIMARY KEY (job_id, day)
){keyed_end};
