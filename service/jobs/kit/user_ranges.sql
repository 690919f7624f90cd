-- The id so many users behind $1.
-- name: id_behind
SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2
