-- The sums of deltas, and what is written of them. Events are counted by id, up to an id, so that a
-- sum is exact whatever arrives while it is made.

-- name: memo
SELECT memo FROM memos WHERE job = $1

-- Changes nothing, but whoever wants to change the memo next waits.
-- name: hold_memo
UPDATE memos SET memo = memo WHERE job = $1

-- name: keep_memo
INSERT INTO memos (job, memo) VALUES ($1, $2)
ON CONFLICT (job) DO UPDATE SET memo = excluded.memo

-- The last event known at the slot's instant, looked for from the newest down to the watermark.
-- name: last_event
SELECT id FROM reputation_events WHERE id > $1 AND created_at <= $2 ORDER BY id DESC LIMIT 1

-- name: count_events
SELECT count(*) FROM reputation_events WHERE id > $1 AND id <= $2

-- name: count_users
SELECT count(*) FROM users WHERE id > $1 AND id <= $2

-- name: events_end
SELECT coalesce(max(id), $1), count(*)
  FROM (SELECT id FROM reputation_events WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3) AS chunk

-- name: users_end
SELECT coalesce(max(id), $1), count(*)
  FROM (SELECT id FROM users WHERE id > $1 AND id <= $3 ORDER BY id LIMIT $2) AS chunk

-- Users with events of $1 < id <= $2, what these add, and what stands of them now.
-- name: touched
SELECT u.id, e.added, u.kyc_status, u.phone_verified, u.email_verified, u.social_connected,
       u.created_at,
       (SELECT count(*) FROM streams AS s WHERE s.host_id = u.id),
       (SELECT count(*) FROM transactions AS g WHERE g.user_id = u.id AND g.type = 'gift_sent'),
       (SELECT count(*) FROM reputation_events AS r
         WHERE r.user_id = u.id AND r.type = 'report_received'),
       t.score, t.level, t.factors, t.running_sum, t.summed_at
  FROM (SELECT user_id, sum(delta) AS added FROM reputation_events
         WHERE id > $1 AND id <= $2 GROUP BY user_id) AS e
  JOIN users AS u ON u.id = e.user_id
  LEFT JOIN user_trust AS t ON t.user_id = u.id
 ORDER BY u.id

-- Users of $1 < id <= $2, the sum of all their events up to $3, and what stands of them now.
-- name: everyone
SELECT u.id,
       (SELECT sum(e.delta) FROM reputation_events AS e WHERE e.user_id = u.id AND e.id <= $3),
       u.kyc_status, u.phone_verified, u.email_verified, u.social_connected, u.created_at,
       (SELECT count(*) FROM streams AS s WHERE s.host_id = u.id),
       (SELECT count(*) FROM transactions AS g WHERE g.user_id = u.id AND g.type = 'gift_sent'),
       (SELECT count(*) FROM reputation_events AS r
         WHERE r.user_id = u.id AND r.type = 'report_received'),
       t.score, t.level, t.factors, t.running_sum, t.summed_at
  FROM users AS u LEFT JOIN user_trust AS t ON t.user_id = u.id
 WHERE u.id > $1 AND u.id <= $2
 ORDER BY u.id

-- name: touched_events
SELECT user_id, delta, created_at FROM reputation_events WHERE id > $1 AND id <= $2
 ORDER BY user_id, id

-- name: everyones_events
SELECT user_id, delta, created_at FROM reputation_events
 WHERE user_id > $1 AND user_id <= $2 AND id <= $3
 ORDER BY user_id, id

-- name: keep
INSERT INTO user_trust (user_id, score, level, factors, running_sum, watermark, summed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (user_id) DO UPDATE
   SET score = excluded.score, level = excluded.level, factors = excluded.factors,
       running_sum = excluded.running_sum, watermark = excluded.watermark,
       summed_at = excluded.summed_at
