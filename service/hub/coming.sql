-- What a visitor of the demo can look forward to.

-- name: thrones
SELECT stream_id, username, total_coins, expires_at FROM thrones
 WHERE is_active = 1 AND expires_at > $1 ORDER BY expires_at, id LIMIT $2

-- name: holders
SELECT u.id, u.username, u.og_level FROM users AS u JOIN og_tiers AS t ON t.tier = u.og_level
 WHERE u.id <= $2 AND u.is_banned = 0 AND u.og_expires_at > $1 AND t.is_active = 1 ORDER BY u.id LIMIT $3
