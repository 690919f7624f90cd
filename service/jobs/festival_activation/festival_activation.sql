-- Before festivals are read: an edit that comes later is seen by the next run.
-- name: see_edits
DELETE FROM festival_edits

-- What runs, what is said to run, and when and where others begin until $2. Only what runs has its look:
-- what comes may be much, and long.
-- name: concerned
SELECT id, name, country, priority, starts_at, ends_at, is_active,
       CASE WHEN starts_at <= $1 AND ends_at >= $1 THEN theme ELSE '{}' END,
       CASE WHEN starts_at <= $1 AND ends_at >= $1 THEN skins ELSE '[]' END,
       CASE WHEN starts_at <= $1 AND ends_at >= $1 THEN bonuses ELSE '{}' END
  FROM festivals
 WHERE is_active = 1 OR (starts_at <= $2 AND ends_at >= $1)
 ORDER BY id

-- One row at least: whether there are edits that nobody has seen; and when what runs, or will, turns.
-- name: turning
SELECT e.edited, f.id, f.starts_at, f.ends_at, f.is_active
  FROM (SELECT count(*) AS edited FROM festival_edits) AS e
  LEFT JOIN festivals AS f ON f.is_active = 1 OR f.ends_at >= $1

-- name: set_active
UPDATE festivals SET is_active = $2 WHERE id = $1

-- A gift of a festival is on sale while any active festival has it, or it is always available.
-- name: open_gifts
UPDATE gifts SET is_active = 1
 WHERE is_active = 0
   AND EXISTS (SELECT 1 FROM festival_gifts AS fg JOIN festivals AS f ON f.id = fg.festival_id
                WHERE fg.gift_id = gifts.id AND (f.is_active = 1 OR gifts.always_available = 1))

-- Also a gift whose festival was deleted: nothing sells it any more.
-- name: close_gifts
UPDATE gifts SET is_active = 0
 WHERE is_active = 1 AND always_available = 0
   AND NOT EXISTS (SELECT 1 FROM festival_gifts AS fg JOIN festivals AS f ON f.id = fg.festival_id
                    WHERE fg.gift_id = gifts.id AND f.is_active = 1)

-- name: memo
SELECT memo FROM memos WHERE job = $1

-- name: keep_memo
INSERT INTO memos (job, memo) VALUES ($1, $2)
ON CONFLICT (job) DO UPDATE SET memo = excluded.memo
