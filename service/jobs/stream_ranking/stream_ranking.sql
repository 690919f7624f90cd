-- name: live
SELECT s.id, s.current_viewers, s.total_coins, s.engagement_rate, s.category, s.country,
       s.started_at, r.engagement_score, r.rank_overall, r.rank_in_category, r.rank_in_country
  FROM streams AS s LEFT JOIN stream_ranks AS r ON r.stream_id = s.id
 WHERE s.status = 'live'

-- name: gone
SELECT s.id, s.category, s.country, r.engagement_score, r.rank_overall, r.rank_in_category,
       r.rank_in_country
  FROM stream_ranks AS r JOIN streams AS s ON s.id = r.stream_id
 WHERE s.status <> 'live'

-- name: place
INSERT INTO stream_ranks (stream_id, engagement_score, rank_overall, rank_in_category,
                          rank_in_country, previous_rank, computed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (stream_id) DO UPDATE
   SET engagement_score = excluded.engagement_score, rank_overall = excluded.rank_overall,
       rank_in_category = excluded.rank_in_category, rank_in_country = excluded.rank_in_country,
       previous_rank = excluded.previous_rank, computed_at = excluded.computed_at

-- name: remove
DELETE FROM stream_ranks WHERE stream_id = $1
