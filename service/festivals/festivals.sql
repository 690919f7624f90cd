-- Festivals as editors see them.

-- name: list
SELECT id, name, type, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals
 WHERE id > $1 AND ($2 = '' OR country = $2)
   AND ($3 = '' OR ($3 = 'coming' AND starts_at > $4) OR ($3 = 'over' AND ends_at < $4)
        OR ($3 = 'running' AND starts_at <= $4 AND ends_at >= $4))
 ORDER BY id LIMIT $5

-- name: gifts_of
SELECT fg.festival_id, g.name FROM festival_gifts AS fg JOIN gifts AS g ON g.id = fg.gift_id
 WHERE fg.festival_id >= $1 AND fg.festival_id <= $2
 ORDER BY fg.festival_id, g.name

-- name: find
SELECT id, name, type, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals WHERE id = $1

-- Of an adopted platform, whose views tell no types of festivals and no names of gifts.
-- name: list_adopted
SELECT id, name, '' AS type, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals
 WHERE id > $1 AND ($2 = '' OR country = $2)
   AND ($3 = '' OR ($3 = 'coming' AND starts_at > $4) OR ($3 = 'over' AND ends_at < $4)
        OR ($3 = 'running' AND starts_at <= $4 AND ends_at >= $4))
 ORDER BY id LIMIT $5

-- name: gifts_of_adopted
SELECT festival_id, CAST(gift_id AS TEXT) FROM festival_gifts
 WHERE festival_id >= $1 AND festival_id <= $2
 ORDER BY festival_id, gift_id

-- name: find_adopted
SELECT id, name, '' AS type, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals WHERE id = $1

-- name: newest
SELECT id, name FROM festivals ORDER BY id DESC LIMIT 1

-- Those that run at some instant of a span, wherever they are seen together with one of $3.
-- name: beside
SELECT id, name, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals
 WHERE starts_at <= $2 AND ends_at >= $1 AND id <> $4
   AND (country = $3 OR country = 'GLOBAL' OR $3 = 'GLOBAL')
 ORDER BY id LIMIT 200

-- name: add
INSERT INTO festivals (name, type, country, priority, starts_at, ends_at, theme, skins, bonuses)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING id

-- name: change
UPDATE festivals
   SET name = $2, type = $3, country = $4, priority = $5, starts_at = $6, ends_at = $7, theme = $8,
       skins = $9, bonuses = $10
 WHERE id = $1

-- name: move
UPDATE festivals SET starts_at = $2, ends_at = $3 WHERE id = $1

-- name: remove
DELETE FROM festivals WHERE id = $1

-- name: gift
SELECT id FROM gifts WHERE name = $1

-- name: gift_names
SELECT name FROM gifts ORDER BY name LIMIT 5000

-- name: take_gifts
DELETE FROM festival_gifts WHERE festival_id = $1

-- name: give
INSERT INTO festival_gifts (festival_id, gift_id) VALUES ($1, $2)

-- What festival-activation has not seen yet. Whoever comes second waits here for the first.
-- name: edited
INSERT INTO festival_edits (festival_id, at) VALUES ($1, $2)
ON CONFLICT (festival_id) DO UPDATE SET at = excluded.at

