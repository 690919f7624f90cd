-- What stands of many users in one statement, where an engine takes arrays apart: each of $1 to $5 is a
-- column of them.
-- name: keep_many
INSERT INTO user_trust (user_id, score, level, factors, running_sum, watermark, summed_at)
SELECT id, score, level, factors, running_sum, $6, $7
  FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS DOUBLE PRECISION[]),
              CAST(CAST($3 AS TEXT) AS TEXT[]), CAST(CAST($4 AS TEXT) AS TEXT[]),
              CAST(CAST($5 AS TEXT) AS DOUBLE PRECISION[]))
       AS kept (id, score, level, factors, running_sum)
ON CONFLICT (user_id) DO UPDATE
   SET score = excluded.score, level = excluded.level, factors = excluded.factors,
       running_sum = excluded.running_sum, watermark = excluded.watermark,
       summed_at = excluded.summed_at

-- `everyone` of trust_score.sql, summed by ranges instead of user by user. The range stands at what is joined
-- too: else the planner may read all of user_trust for each chunk.
-- name: everyone_by_range
SELECT u.id, e.added, u.kyc_status, u.phone_verified, u.email_verified, u.social_connected,
       u.created_at, coalesce(s.hosted, 0), coalesce(g.sent, 0), coalesce(r.received, 0),
       t.score, t.level, t.factors, t.running_sum, t.summed_at
  FROM users AS u
  LEFT JOIN (SELECT user_id, CAST(sum(delta) AS DOUBLE PRECISION) AS added FROM reputation_events
              WHERE user_id > $1 AND user_id <= $2 AND id <= $3 GROUP BY user_id) AS e ON e.user_id = u.id
  LEFT JOIN (SELECT host_id, count(*) AS hosted FROM streams
              WHERE host_id > $1 AND host_id <= $2 GROUP BY host_id) AS s ON s.host_id = u.id
  LEFT JOIN (SELECT user_id, count(*) AS sent FROM transactions
              WHERE user_id > $1 AND user_id <= $2 AND type = 'gift_sent' GROUP BY user_id) AS g ON g.user_id = u.id
  LEFT JOIN (SELECT user_id, count(*) AS received FROM reputation_events
              WHERE user_id > $1 AND user_id <= $2 AND type = 'report_received' GROUP BY user_id) AS r
    ON r.user_id = u.id
  LEFT JOIN user_trust AS t ON t.user_id = u.id AND t.user_id > $1 AND t.user_id <= $2
 WHERE u.id > $1 AND u.id <= $2
 ORDER BY u.id
