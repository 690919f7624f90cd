-- A chunk of the bonus in one statement, where an engine lets WITH change rows: the balance first, then
-- the audit row and the event of each one whose balance has changed. So it is one decision for each
-- user, on the newest version of his row, whoever else writes to it meanwhile. The mark of this date is
-- set with the audit row, so it tells by itself who was paid; behind a later mark the audit is asked.

-- $1 < id <= $2; $3 the slot's instant; $4 to $8 the bonus of each tier; $9 the bonus date
-- name: pay_chunk
WITH paid AS (
  UPDATE users
     SET bonus_balance = bonus_balance +
         CASE og_level WHEN 1 THEN CAST($4 AS BIGINT) WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7
                       ELSE $8 END,
         last_bonus_date = CASE WHEN last_bonus_date > $9 THEN last_bonus_date ELSE $9 END
   WHERE id > $1 AND id <= $2 AND og_level > 0 AND og_expires_at > $3 AND is_banned = 0
     AND CASE og_level WHEN 1 THEN CAST($4 AS BIGINT) WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7
                       ELSE $8 END > 0
     AND (last_bonus_date IS NULL OR last_bonus_date < $9
          OR (last_bonus_date > $9
              AND NOT EXISTS (SELECT 1 FROM transactions AS t
                               WHERE t.bonus_date = $9 AND t.user_id = users.id
                                 AND t.user_id > $1 AND t.user_id <= $2)))
  RETURNING id, og_level, bonus_balance,
            CASE og_level WHEN 1 THEN CAST($4 AS BIGINT) WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7
                          ELSE $8 END AS amount
), audited AS (
  INSERT INTO transactions
    (user_id, type, amount, currency, status, description, bonus_date, execution_id, metadata,
     created_at)
  SELECT id, 'og_bonus', amount, 'bonus', 'completed', 'OG daily bonus', $9, $10,
         '{"tier":' || og_level || '}', $11
    FROM paid
), announced AS (
  INSERT INTO outbox (created_at, event, rooms, payload, execution_id)
  SELECT $11, 'og:bonus', 'user:' || id,
         '{"userId":"' || id || '","amount":' || amount || ',"tier":' || og_level ||
         ',"date":"' || $9 || '","bonusBalance":' || bonus_balance || '}', $10
    FROM paid
)
SELECT count(*), coalesce(sum(amount), 0) FROM paid
