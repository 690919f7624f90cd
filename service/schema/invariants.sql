-- Each gives: how many are wrong, the first of them, how many were looked at.

-- One pass over users and transactions together, so that nothing is joined.
-- name: balances
SELECT count(*) FILTER (WHERE known = 1 AND difference <> 0),
       min(id) FILTER (WHERE known = 1 AND difference <> 0),
       count(*) FILTER (WHERE known = 1),
       count(*) FILTER (WHERE known = 0),
       min(id) FILTER (WHERE known = 0)
  FROM (SELECT id, sum(amount) AS difference, sum(user_row) AS known
          FROM (SELECT id, -bonus_balance AS amount, 1 AS user_row FROM users
                UNION ALL
                SELECT user_id,
                       CASE WHEN currency = 'bonus' AND status = 'completed' THEN amount ELSE 0 END,
                       0
                  FROM transactions) AS entries
         GROUP BY id) AS per_user

-- name: balance_of
SELECT u.bonus_balance,
       (SELECT coalesce(sum(t.amount), 0) FROM transactions AS t
         WHERE t.user_id = u.id AND t.currency = 'bonus' AND t.status = 'completed')
  FROM users AS u WHERE u.id = $1

-- name: paid_twice
SELECT count(*) FILTER (WHERE payments > 1), min(user_id) FILTER (WHERE payments > 1),
       coalesce(sum(payments), 0)
  FROM (SELECT user_id, count(*) AS payments FROM transactions WHERE bonus_date IS NOT NULL
         GROUP BY bonus_date, user_id) AS paid

-- name: marked_unpaid
SELECT count(*) FILTER (WHERE missing), min(id) FILTER (WHERE missing), count(*)
  FROM (SELECT u.id, NOT EXISTS (SELECT 1 FROM transactions AS t
                                  WHERE t.bonus_date = u.last_bonus_date AND t.user_id = u.id)
               AS missing
          FROM users AS u WHERE u.last_bonus_date IS NOT NULL) AS marked

-- name: thrones_of_nobody
SELECT count(*) FILTER (WHERE missing), min(id) FILTER (WHERE missing), count(*)
  FROM (SELECT h.id, NOT EXISTS (SELECT 1 FROM streams AS s WHERE s.id = h.stream_id)
               OR NOT EXISTS (SELECT 1 FROM users AS u WHERE u.id = h.user_id) AS missing
          FROM thrones AS h) AS looked_up

-- name: streams_of_nobody
SELECT count(*) FILTER (WHERE missing), min(id) FILTER (WHERE missing), count(*)
  FROM (SELECT s.id, NOT EXISTS (SELECT 1 FROM users AS u WHERE u.id = s.host_id) AS missing
          FROM streams AS s) AS looked_up

-- name: reputation_of_nobody
SELECT count(*) FILTER (WHERE missing), min(user_id) FILTER (WHERE missing), coalesce(sum(events), 0)
  FROM (SELECT e.user_id, e.events,
               NOT EXISTS (SELECT 1 FROM users AS u WHERE u.id = e.user_id) AS missing
          FROM (SELECT user_id, count(*) AS events FROM reputation_events GROUP BY user_id) AS e)
       AS looked_up

-- A country that has documents wears the newest of them.
-- name: documents_of_no_theme
SELECT count(*) FILTER (WHERE missing), min(newest) FILTER (WHERE missing), count(*)
  FROM (SELECT d.newest, NOT EXISTS (SELECT 1 FROM themes AS t
                                      WHERE t.country = d.country AND t.version = d.newest) AS missing
          FROM (SELECT country, max(version) AS newest FROM theme_documents GROUP BY country) AS d)
       AS looked_up
