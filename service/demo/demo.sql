-- name: any_user
SELECT coalesce(max(id), 0), count(*) FROM (SELECT id FROM users LIMIT 1) AS one

-- name: any_tier
SELECT count(*) FROM og_tiers

-- name: user
INSERT INTO users (id, username, og_level, og_expires_at, coin_balance, bonus_balance, kyc_status,
                   phone_verified, email_verified, social_connected, is_banned, country, followers,
                   last_bonus_date, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- name: coins
INSERT INTO transactions (user_id, type, amount, currency, status, description, created_at)
VALUES ($1, $2, $3, 'coins', 'completed', $4, $5)

-- name: bonus
INSERT INTO transactions (user_id, type, amount, currency, status, description, bonus_date, metadata,
                          created_at)
VALUES ($1, 'og_bonus', $2, 'bonus', 'completed', 'OG daily bonus', $3, $4, $5)

-- name: reputation
INSERT INTO reputation_events (user_id, type, delta, created_at) VALUES ($1, $2, $3, $4)

-- name: stream
INSERT INTO streams (id, host_id, title, status, category, country, started_at, current_viewers,
                     total_coins, engagement_rate)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: throne
INSERT INTO thrones (stream_id, user_id, username, og_level, total_gifts, total_coins, claimed_at,
                     expires_at, is_active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: tier
INSERT INTO og_tiers (tier, name, price_coins, duration_days) VALUES ($1, $2, $3, $4)

-- name: gift
INSERT INTO gifts (id, name, price_coins, is_active, always_available) VALUES ($1, $2, $3, $4, $5)

-- name: festival
INSERT INTO festivals (id, name, type, country, priority, starts_at, ends_at, is_active, theme, skins,
                       bonuses)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: festival_gift
INSERT INTO festival_gifts (festival_id, gift_id) VALUES ($1, $2)

-- name: clear_users
DELETE FROM users

-- name: clear_transactions
DELETE FROM transactions

-- name: clear_reputation
DELETE FROM reputation_events

-- name: clear_streams
DELETE FROM streams

-- name: clear_thrones
DELETE FROM thrones
