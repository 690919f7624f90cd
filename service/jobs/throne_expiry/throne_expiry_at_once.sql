-- A chunk of thrones with its events in one statement, where an engine lets WITH change rows: what is said of
-- them never leaves the database. The payload is that of expired() in throne_expiry.h. The ids are an array,
-- since each is looked up then; as a table, PostgreSQL would read all thrones to join them.

-- $1 the slot's instant; ($2, $3) where the last chunk ended; $4 how many at most; $5 the chunk's instant;
-- $6 the execution
-- name: expire_and_tell
WITH fallen AS (
  UPDATE thrones SET is_active = 0
   WHERE is_active = 1
     AND id = ANY (ARRAY (SELECT id FROM thrones
                           WHERE is_active = 1 AND expires_at <= $1 AND (expires_at, id) > ($2, $3)
                           ORDER BY expires_at, id LIMIT $4))
  RETURNING id, stream_id, user_id, username, total_coins, expires_at
), told AS (
  INSERT INTO outbox (created_at, event, rooms, payload, execution_id)
  SELECT $5, 'throne:expired', 'stream:' || stream_id || ' throne:' || stream_id,
         '{"throneId":"' || id || '","streamId":"' || stream_id || '","userId":"' || user_id ||
         '","username":' || to_json(username) || ',"totalCoins":' || total_coins || ',"expiredAt":"' ||
         to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') ||
         coalesce(nullif(to_char(expires_at AT TIME ZONE 'UTC', '.MS'), '.000'), '') || 'Z"}', $6
    FROM fallen ORDER BY expires_at, id
)
SELECT count(*), max(expires_at), max(id) FILTER (WHERE expires_at = (SELECT max(expires_at) FROM fallen))
  FROM fallen
