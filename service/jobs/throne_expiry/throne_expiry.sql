-- $1 the slot's instant; ($2, $3) where the last chunk ended: a dry run leaves its rows as they were
-- name: expire
UPDATE thrones SET is_active = 0
 WHERE id IN (SELECT id FROM thrones
               WHERE is_active = 1 AND expires_at <= $1 AND (expires_at, id) > ($2, $3)
               ORDER BY expires_at, id LIMIT $4)
RETURNING id, stream_id, user_id, username, total_coins, expires_at

-- name: nearest
SELECT min(expires_at) FROM thrones WHERE is_active = 1
