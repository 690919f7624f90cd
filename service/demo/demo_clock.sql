-- Where the demo's clock stands, and where it may go.

-- A festival still runs at ends_at: it is over a millisecond later. Without a country those of all.
-- name: turns
SELECT at, name, begins
  FROM (SELECT starts_at AS at, name, 1 AS begins, id, country FROM festivals WHERE starts_at > $1
        UNION ALL
        SELECT ends_at AS at, name, 0 AS begins, id, country FROM festivals WHERE ends_at >= $1) AS turns
 WHERE CAST($2 AS TEXT) IN ('', country) OR country = 'GLOBAL'
 ORDER BY at, begins, id
 LIMIT 1

-- name: ahead
SELECT memo FROM memos WHERE job = 'demo clock'

-- name: keep_ahead
INSERT INTO memos (job, memo) VALUES ('demo clock', $1)
ON CONFLICT (job) DO UPDATE SET memo = excluded.memo
