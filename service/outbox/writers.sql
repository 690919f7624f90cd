-- For an engine where many write at once: who takes the next id need not be the next to commit.

-- Taken before the first event is written, held until the transaction is over.
-- name: announce
SELECT count(*)
  FROM pg_advisory_xact_lock_shared(hashtext('hotclock outbox of ' || current_schema())::bigint)

-- The transactions that may yet commit an event.
-- name: writers
SELECT virtualtransaction FROM pg_locks
 WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted AND objsubid = 1
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (classid::bigint << 32 | objid::bigint)
       = hashtext('hotclock outbox of ' || current_schema())::bigint
