-- What runs, what is said to run, and nothing else.
-- name: concerned
SELECT id, name, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals
 WHERE is_active = 1 OR (starts_at <= $1 AND ends_at >= $1)
 ORDER BY id

-- name: turning
SELECT id, name, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals
 WHERE is_active = 1 OR ends_at >= $1
 ORDER BY id

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

-- name: themes
SELECT country, version, festival_id, theme FROM themes ORDER BY country

-- name: dress
INSERT INTO themes (country, version, festival_id, theme, changed_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (country) DO UPDATE
   SET version = excluded.version, festival_id = excluded.festival_id, theme = excluded.theme,
       changed_at = excluded.changed_at

-- name: memo
SELECT memo FROM memos WHERE job = $1

-- name: keep_memo
INSERT INTO memos (job, memo) VALUES ($1, $2)
ON CONFLICT (job) DO UPDATE SET memo = excluded.memo
