-- Many places in one statement, where an engine takes arrays apart: each of $1 to $6 is a column of them.
-- name: place_many
INSERT INTO stream_ranks (stream_id, engagement_score, rank_overall, rank_in_category,
                          rank_in_country, previous_rank, computed_at)
SELECT id, score, overall, in_category, in_country, previous, $7
  FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS DOUBLE PRECISION[]),
              CAST(CAST($3 AS TEXT) AS BIGINT[]), CAST(CAST($4 AS TEXT) AS BIGINT[]),
              CAST(CAST($5 AS TEXT) AS BIGINT[]), CAST(CAST($6 AS TEXT) AS BIGINT[]))
       AS r (id, score, overall, in_category, in_country, previous)
ON CONFLICT (stream_id) DO UPDATE
   SET engagement_score = excluded.engagement_score, rank_overall = excluded.rank_overall,
       rank_in_category = excluded.rank_in_category, rank_in_country = excluded.rank_in_country,
       previous_rank = excluded.previous_rank, computed_at = excluded.computed_at
