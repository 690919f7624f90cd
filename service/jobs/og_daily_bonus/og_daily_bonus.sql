-- One chunk of the bonus: a range of user ids. What is paid is decided once, by the audit row: the
-- unique index on (bonus_date, user_id) lets each user in once for a date, and the balance and the
-- event follow the audit rows that this execution has just entered. Where nobody in the range had a
-- row for the date, those rows are all who are eligible: `pay_all` and `announce_all` then read the
-- users in their order and look nothing up.

-- name: tiers
SELECT tier, price_coins, duration_days FROM og_tiers WHERE is_active = 1 ORDER BY tier

-- name: count_users
SELECT count(*) FROM users WHERE id > $1 AND id <= $2

-- Whether there may be somebody to pay: the first one found answers it. $4 to $8 the bonus of each tier.
-- name: anybody
SELECT EXISTS (
  SELECT 1 FROM users
   WHERE id > $1 AND id <= $2 AND og_level > 0 AND og_expires_at > $3 AND is_banned = 0
     AND CASE og_level WHEN 1 THEN CAST($4 AS BIGINT) WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7
                       ELSE $8 END > 0
     AND (last_bonus_date IS NULL OR last_bonus_date <> $9))

-- name: chunk_end
SELECT coalesce(max(id), $1), count(*)
  FROM (SELECT id FROM users WHERE id > $1 AND id <= $3 ORDER BY id LIMIT $2) AS chunk

-- $1 < id <= $2; $3 the slot's instant; $4 to $8 the bonus of each tier; $9 the bonus date
-- name: audit
INSERT INTO transactions
  (user_id, type, amount, currency, status, description, bonus_date, execution_id, metadata,
   created_at)
SELECT id, 'og_bonus',
       CASE og_level WHEN 1 THEN $4 WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7 ELSE $8 END,
       'bonus', 'completed', 'OG daily bonus', $9, $10, '{"tier":' || og_level || '}', $11
  FROM users
 WHERE id > $1 AND id <= $2 AND og_level > 0 AND og_expires_at > $3 AND is_banned = 0
   AND CASE og_level WHEN 1 THEN $4 WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7 ELSE $8 END > 0
ON CONFLICT (bonus_date, user_id) WHERE bonus_date IS NOT NULL DO NOTHING

-- name: paid_before
SELECT count(*) FROM (SELECT 1 FROM transactions
                       WHERE bonus_date = $3 AND user_id > $1 AND user_id <= $2 LIMIT 1) AS paid

-- name: pay_all
UPDATE users
   SET bonus_balance = bonus_balance +
       CASE og_level WHEN 1 THEN $4 WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7 ELSE $8 END,
       last_bonus_date = CASE WHEN last_bonus_date > $9 THEN last_bonus_date ELSE $9 END
 WHERE id > $1 AND id <= $2 AND og_level > 0 AND og_expires_at > $3 AND is_banned = 0
   AND CASE og_level WHEN 1 THEN $4 WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7 ELSE $8 END > 0

-- name: announce_all
INSERT INTO outbox (created_at, event, rooms, payload, execution_id)
SELECT $11, 'og:bonus', 'user:' || id,
       '{"userId":"' || id || '","amount":' ||
       CASE og_level WHEN 1 THEN $4 WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7 ELSE $8 END
       || ',"tier":' || og_level || ',"date":"' || $9 || '","bonusBalance":' || bonus_balance || '}', $10
  FROM users
 WHERE id > $1 AND id <= $2 AND og_level > 0 AND og_expires_at > $3 AND is_banned = 0
   AND CASE og_level WHEN 1 THEN $4 WHEN 2 THEN $5 WHEN 3 THEN $6 WHEN 4 THEN $7 ELSE $8 END > 0

-- name: pay
UPDATE users
   SET bonus_balance = bonus_balance + paid.amount,
       last_bonus_date = CASE WHEN last_bonus_date > $3 THEN last_bonus_date ELSE $3 END
  FROM (SELECT user_id, amount FROM transactions
         WHERE bonus_date = $3 AND user_id > $1 AND user_id <= $2
           AND execution_id = $4) AS paid
 WHERE users.id = paid.user_id

-- name: announce
INSERT INTO outbox (created_at, event, rooms, payload, execution_id)
SELECT $5, 'og:bonus', 'user:' || u.id,
       '{"userId":"' || u.id || '","amount":' || t.amount || ',"tier":' || u.og_level ||
       ',"date":"' || t.bonus_date || '","bonusBalance":' || u.bonus_balance || '}', $4
  FROM transactions AS t JOIN users AS u ON u.id = t.user_id
 WHERE t.bonus_date = $3 AND t.user_id > $1 AND t.user_id <= $2
   AND t.execution_id = $4

-- name: coins
SELECT coalesce(sum(amount), 0) FROM transactions
 WHERE bonus_date = $3 AND user_id > $1 AND user_id <= $2
   AND execution_id = $4
