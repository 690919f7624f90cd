-- Turns the tables that grow without end into partitioned ones, for a database of some hundred million
-- rows or more. As the owner of the tables, while no node serves, once:
--
--   psql -v ON_ERROR_STOP=1 -f partitioned.sql postgresql://owner@db/platform
--   hotclock doctor --grants hotclock | psql postgresql://owner@db/platform
--   hotclock doctor
--
-- It copies every row, in one transaction: allow for twice the size of the tables. Schemas that were
-- renamed in [database] must be renamed here too.
--
-- transactions and reputation_events lie in eight parts by the hash of the user. A unique key of a
-- partitioned table must hold the column it is parted by, and nobody is paid twice for one date only while
-- (bonus_date, user_id) is unique: parted by month of created_at it could not be, and parted by bonus_date
-- all other rows, which have none, would crowd in one default partition.
--
-- history and outbox are read and removed by id, so they lie in ranges of ids. A range that retention has
-- emptied is dropped in no time: DROP TABLE hotclock.history_0. Ranges are made ahead for a hundred million
-- ids; what lies beyond goes into the default partition and is not refused. Make further ranges before ids
-- reach them: a range whose rows lie in the default partition already cannot be made.

BEGIN;
SET LOCAL client_min_messages = warning;
LOCK TABLE platform.transactions, platform.reputation_events, hotclock.history, hotclock.outbox
  IN ACCESS EXCLUSIVE MODE;

CREATE TEMPORARY TABLE kept ON COMMIT DROP AS
SELECT pg_get_viewdef('hotclock.slot_states') AS slot_states, pg_get_viewdef('hotclock.past_slots') AS past_slots;
DROP VIEW hotclock.slot_states, hotclock.past_slots;

-- transactions

ALTER TABLE platform.transactions RENAME TO transactions_whole;
CREATE TABLE platform.transactions
  (LIKE platform.transactions_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY)
  PARTITION BY HASH (user_id);
DO $$
BEGIN
  FOR part IN 0 .. 7 LOOP
    EXECUTE format('CREATE TABLE platform.transactions_%s PARTITION OF platform.transactions'
                   ' FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
  END LOOP;
END $$;
INSERT INTO platform.transactions SELECT * FROM platform.transactions_whole;
DROP TABLE platform.transactions_whole;
ALTER TABLE platform.transactions ADD PRIMARY KEY (id, user_id);
CREATE UNIQUE INDEX transactions_bonus ON platform.transactions (bonus_date, user_id)
  WHERE bonus_date IS NOT NULL;
CREATE INDEX transactions_gifts ON platform.transactions (user_id) WHERE type = 'gift_sent';
SELECT setval(pg_get_serial_sequence('platform.transactions', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
  FROM platform.transactions;

-- reputation_events

ALTER TABLE platform.reputation_events RENAME TO reputation_events_whole;
CREATE TABLE platform.reputation_events
  (LIKE platform.reputation_events_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY)
  PARTITION BY HASH (user_id);
DO $$
BEGIN
  FOR part IN 0 .. 7 LOOP
    EXECUTE format('CREATE TABLE platform.reputation_events_%s PARTITION OF platform.reputation_events'
                   ' FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
  END LOOP;
END $$;
INSERT INTO platform.reputation_events SELECT * FROM platform.reputation_events_whole;
DROP TABLE platform.reputation_events_whole;
ALTER TABLE platform.reputation_events ADD PRIMARY KEY (id, user_id);
CREATE INDEX reputation_by_user ON platform.reputation_events (user_id, delta);
CREATE INDEX reputation_reports ON platform.reputation_events (user_id) WHERE type = 'report_received';
SELECT setval(pg_get_serial_sequence('platform.reputation_events', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
  FROM platform.reputation_events;

-- history

ALTER TABLE hotclock.history RENAME TO history_whole;
CREATE TABLE hotclock.history
  (LIKE hotclock.history_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
  PARTITION BY RANGE (slot_id);
CREATE TABLE hotclock.history_beyond PARTITION OF hotclock.history DEFAULT;
DO $$
BEGIN
  FOR part IN 0 .. (SELECT coalesce(max(slot_id), 0) / 10000000 + 10 FROM hotclock.history_whole) LOOP
    EXECUTE format('CREATE TABLE hotclock.history_%s PARTITION OF hotclock.history'
                   ' FOR VALUES FROM (%s) TO (%s)', part, part * 10000000::bigint, (part + 1) * 10000000::bigint);
  END LOOP;
END $$;
INSERT INTO hotclock.history SELECT * FROM hotclock.history_whole;
DROP TABLE hotclock.history_whole;
ALTER TABLE hotclock.history ADD PRIMARY KEY (slot_id, fence);
CREATE INDEX history_notable ON hotclock.history (ended, scheduled_for, slot_id) WHERE ended <> 'completed';
CREATE INDEX history_long ON hotclock.history (scheduled_for, slot_id)
  WHERE CAST(extract(epoch FROM (ended_at - started_at)) * 1000 AS BIGINT) >= 60000;
CREATE INDEX history_reasons ON hotclock.history (scheduled_for, slot_id, fence) WHERE reason <> '';
CREATE INDEX history_words ON hotclock.history
  USING gin (to_tsvector('simple', translate(left(reason, 100000), './:@_-<>&=%+#~?', '               '))) WHERE reason <> '';

-- outbox

ALTER TABLE hotclock.outbox RENAME TO outbox_whole;
CREATE TABLE hotclock.outbox
  (LIKE hotclock.outbox_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY)
  PARTITION BY RANGE (id);
CREATE TABLE hotclock.outbox_beyond PARTITION OF hotclock.outbox DEFAULT;
DO $$
BEGIN
  FOR part IN 0 .. (SELECT coalesce(max(id), 0) / 10000000 + 10 FROM hotclock.outbox_whole) LOOP
    EXECUTE format('CREATE TABLE hotclock.outbox_%s PARTITION OF hotclock.outbox'
                   ' FOR VALUES FROM (%s) TO (%s)', part, part * 10000000::bigint, (part + 1) * 10000000::bigint);
  END LOOP;
END $$;
INSERT INTO hotclock.outbox SELECT * FROM hotclock.outbox_whole;
DROP TABLE hotclock.outbox_whole;
ALTER TABLE hotclock.outbox ADD PRIMARY KEY (id);
SELECT setval(pg_get_serial_sequence('hotclock.outbox', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
  FROM hotclock.outbox;

DO $$
BEGIN
  EXECUTE 'CREATE VIEW hotclock.slot_states AS ' || (SELECT slot_states FROM kept);
  EXECUTE 'CREATE VIEW hotclock.past_slots AS ' || (SELECT past_slots FROM kept);
END $$;
COMMIT;

ANALYZE platform.transactions;
ANALYZE platform.reputation_events;
ANALYZE hotclock.history;
ANALYZE hotclock.outbox;
