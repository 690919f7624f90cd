-- What must come out the same on both sides.

-- name: coin_balances
SELECT coalesce(sum(coin_balance), 0) FROM users

-- name: bonus_balances
SELECT coalesce(sum(bonus_balance), 0) FROM users

-- name: booked
SELECT coalesce(sum(amount), 0) FROM transactions

-- Somebody who said a moment ago that he was there, and has not said goodbye.
-- name: served_by
SELECT name, pid FROM nodes WHERE stopped_at IS NULL AND seen_at > $1 ORDER BY seen_at DESC LIMIT 1
