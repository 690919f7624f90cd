-- The verdict: each query gives the violations of one assertion, a line each; none where it holds.
-- $1, where it stands: up to when slots are judged; what is due later is none of it.

-- Expected slots come from PostgreSQL's own time zones and a walk over every second, not from our cron code.
-- name: lost
SELECT e.job || ' ' || e.due || ' is lost: ' || coalesce(s.state, 'no row')
  FROM (SELECT w.job, due
          FROM witness.schedules AS w,
               generate_series(date_trunc('second', w.from_at) + interval '1 second',
                               least(coalesce(w.until, $1::timestamptz), $1::timestamptz), interval '1 second') AS due
         WHERE extract(second FROM due AT TIME ZONE w.zone)::integer % w.every = 0
           AND NOT EXISTS (SELECT 1 FROM witness.unsure AS u
                            WHERE (u.job IS NULL OR u.job = w.job) AND due >= u.from_at
                              AND due <= coalesce(u.until, 'infinity'))) AS e
  LEFT JOIN hotclock.jobs AS j ON j.name = e.job
  LEFT JOIN hotclock.slots AS t ON t.job_id = j.id AND t.scheduled_for = e.due
       -- An early wake in the very same millisecond is the same slot.
       AND t.trigger IN ('schedule', 'catch_up', 'early')
  LEFT JOIN hotclock.slot_states AS s ON s.id = t.id
 WHERE s.state IS DISTINCT FROM 'ended'
 ORDER BY 1

-- name: uninvited
SELECT s.job || ' ' || s.scheduled_for || ' was never due'
  FROM hotclock.slot_states AS s
 WHERE s.trigger IN ('schedule', 'catch_up') AND s.scheduled_for <= $1::timestamptz
   AND s.job IN (SELECT job FROM witness.schedules)
   AND NOT EXISTS (SELECT 1 FROM witness.schedules AS w
                    WHERE w.job = s.job AND s.scheduled_for >= w.from_at - interval '1 minute'
                      AND s.scheduled_for <= coalesce(w.until, 'infinity')
                      AND date_trunc('second', s.scheduled_for) = s.scheduled_for
                      AND extract(second FROM s.scheduled_for AT TIME ZONE w.zone)::integer % w.every = 0)
   AND NOT EXISTS (SELECT 1 FROM witness.unsure AS u
                    WHERE (u.job IS NULL OR u.job = s.job) AND s.scheduled_for >= u.from_at
                      AND s.scheduled_for <= coalesce(u.until, 'infinity'))
 ORDER BY 1

-- name: silent
SELECT job || ' ' || scheduled_for || ' ended ' || ended || ' without a reason'
  FROM hotclock.slot_states WHERE state = 'ended' AND ended <> 'completed' AND reason = ''

-- What is left out must have been late by more than the grace, and be of a job that may leave something out.
-- name: unjust
SELECT job || ' ' || scheduled_for || ' was left out: ' || reason
  FROM hotclock.slot_states
 WHERE ended = 'missed'
   AND (entered_at <= scheduled_for + interval '1 minute' OR job = 'og-daily-bonus')
   AND NOT EXISTS (SELECT 1 FROM witness.unsure AS u
                    WHERE (u.job IS NULL OR u.job = slot_states.job) AND scheduled_for >= u.from_at
                      AND scheduled_for <= coalesce(u.until, 'infinity'))

-- name: failed
SELECT job || ' ' || scheduled_for || ' ended ' || ended || ': ' || reason
  FROM hotclock.slot_states WHERE ended IN ('failed', 'timed_out', 'completed_with_errors')

-- name: twice
SELECT what || ' ' || whom || ' happened ' || count(*) || ' times'
  FROM witness.effects WHERE what IN ('paid', 'fell') OR whom ~ '^(og:bonus|throne:expired) '
 GROUP BY what, whom HAVING count(*) > 1

-- name: stale
SELECT what || ' was accepted of execution ' || execution_id || ', which held nothing' FROM witness.stale

-- name: money
SELECT 'user ' || u.id || ' has ' || u.bonus_balance || ', was paid ' || coalesce(t.coins, 0) ||
       ', saw changes of ' || coalesce(b.coins, 0) || ', the witness saw payments of ' || coalesce(p.coins, 0)
  FROM platform.users AS u
  LEFT JOIN (SELECT user_id, sum(amount) AS coins FROM platform.transactions
              WHERE currency = 'bonus' AND status = 'completed' GROUP BY user_id) AS t ON t.user_id = u.id
  LEFT JOIN (SELECT whom::bigint AS id, sum(coins) AS coins FROM witness.effects WHERE what = 'balance'
              GROUP BY whom) AS b ON b.id = u.id
  LEFT JOIN (SELECT split_part(whom, ' ', 1)::bigint AS id, sum(coins) AS coins FROM witness.effects
              WHERE what = 'paid' GROUP BY 1) AS p ON p.id = u.id
 WHERE u.bonus_balance <> coalesce(t.coins, 0) OR coalesce(b.coins, 0) <> coalesce(p.coins, 0)

-- Who is entitled and to how much is reckoned here once more, in exact integers.
-- name: unpaid
SELECT 'user ' || u.id || ' for ' || d.day || ': ' || coalesce(x.amount::text, 'nothing') || ' instead of ' ||
       coalesce(e.amount::text, 'nothing')
  FROM (SELECT (s.scheduled_for AT TIME ZONE 'Australia/Sydney')::date AS day, min(s.scheduled_for) AS at,
               min(b.last_user) AS last_user
          FROM witness.bonuses AS b JOIN hotclock.slot_states AS s ON s.id = b.slot_id
         WHERE s.ended = 'completed' GROUP BY 1) AS d
 CROSS JOIN platform.users AS u
  LEFT JOIN LATERAL (SELECT t.price_coins * 3 / (t.duration_days * 5) AS amount FROM platform.og_tiers AS t
                      WHERE t.tier = u.og_level AND t.is_active = 1 AND u.og_expires_at > d.at
                        AND u.is_banned = 0 AND t.price_coins * 3 / (t.duration_days * 5) > 0) AS e ON true
  LEFT JOIN platform.transactions AS x ON x.user_id = u.id AND x.type = 'og_bonus' AND x.bonus_date = d.day::text
 WHERE x.amount IS DISTINCT FROM e.amount AND u.id <= d.last_user

-- name: untold
SELECT p.whom || ' was paid and never told' FROM witness.effects AS p
 WHERE p.what = 'paid' AND NOT EXISTS (SELECT 1 FROM witness.effects AS t
                                        WHERE t.what = 'told' AND t.whom = 'og:bonus ' || p.whom)
UNION ALL
SELECT 'throne ' || p.whom || ' fell and nobody was told' FROM witness.effects AS p
 WHERE p.what = 'fell' AND NOT EXISTS (SELECT 1 FROM witness.effects AS t
                                        WHERE t.what = 'told' AND t.whom = 'throne:expired ' || p.whom)

-- name: overlap
SELECT j.name || ': ' || running || ' at once at lease ' || n
  FROM (SELECT job_id, n, sum(CASE WHEN taken THEN 1 ELSE -1 END) OVER (PARTITION BY job_id ORDER BY n) AS running
          FROM witness.leases WHERE partition_of IS NULL) AS l
  JOIN hotclock.jobs AS j ON j.id = l.job_id
 WHERE running > 1

-- What the database's clock had reached before it was set back was due, and may begin at an hour that comes twice.
-- name: early
SELECT what || ' at ' || at || ', before ' || due
  FROM (SELECT job || ' began' AS what, started_at AS at, scheduled_for AS due FROM hotclock.slot_states
         WHERE trigger IN ('schedule', 'catch_up', 'early')
        UNION ALL
        SELECT 'throne ' || t.id || ' fell', e.at, t.expires_at
          FROM witness.effects AS e JOIN platform.thrones AS t ON e.what = 'fell' AND t.id = e.whom::bigint) AS begun
 WHERE at < due
   AND NOT EXISTS (SELECT 1 FROM witness.set_back AS b WHERE due <= b.reached AND at >= b.fell_to)

-- The history's own count of each bonus and each slot of thrones, beside what the witness saw.
-- name: history
SELECT 'slot ' || id || ' counts ' || counted || ' users, the witness saw ' || seen
  FROM (SELECT w.id,
               (SELECT coalesce(sum((h.tally::json->>'users')::bigint), 0) FROM hotclock.history AS h
                 WHERE h.slot_id = w.id AND h.ended IS NOT NULL) AS counted,
               (SELECT count(*) FROM witness.effects AS e
                 WHERE e.what = 'paid' AND e.execution_id IN
                       (SELECT h.execution_id FROM hotclock.history AS h JOIN hotclock.slots AS p ON p.id = h.slot_id
                         WHERE p.id = w.id OR p.partition_of = w.id)) AS seen
          FROM hotclock.slot_states AS w
         WHERE w.job = 'og-daily-bonus' AND w.ended = 'completed' AND w.partition_of IS NULL) AS counts
 WHERE counted <> seen
UNION ALL
SELECT 'slot ' || slot_id || ' counts ' || counted || ' thrones, the witness saw ' || seen
  FROM (SELECT e.slot_id, coalesce((e.tally::json->>'thrones')::bigint, 0) AS counted,
               (SELECT count(*) FROM hotclock.history AS h JOIN witness.effects AS w ON w.execution_id = h.execution_id
                 WHERE h.slot_id = e.slot_id AND w.whom LIKE 'throne:expired %') AS seen
          FROM hotclock.history AS e JOIN hotclock.slots AS s ON s.id = e.slot_id
          JOIN hotclock.jobs AS j ON j.id = s.job_id
         WHERE j.name = 'throne-expiry' AND e.ended IS NOT NULL) AS thrones
 WHERE counted <> seen

-- name: orphans
SELECT 'slot ' || l.slot_id || ' is held by nobody who lives: node ' || l.node_id || ' until ' || l.lease_until
  FROM hotclock.leases AS l LEFT JOIN hotclock.nodes AS n ON n.id = l.node_id
 WHERE l.partitions_open = 0
   AND (n.stopped_at IS NOT NULL OR l.lease_until < clock_timestamp() - interval '5 seconds')
UNION ALL
SELECT 'slot ' || s.id || ' of ' || j.name || ' stands nowhere'
  FROM hotclock.slots AS s JOIN hotclock.jobs AS j ON j.id = s.job_id
  JOIN hotclock.slot_states AS t ON t.id = s.id WHERE t.state IS NULL

-- Only who was struck loses anything.
-- name: innocent
SELECT j.name || ' ' || s.scheduled_for || ' was lost to node ' || n.id || ' (process ' || n.pid || '), which nobody struck'
  FROM hotclock.history AS h JOIN hotclock.slots AS s ON s.id = h.slot_id
  JOIN hotclock.jobs AS j ON j.id = s.job_id JOIN hotclock.nodes AS n ON n.id = h.node_id
 WHERE h.outcome = 'lost' AND n.pid NOT IN (SELECT pid FROM witness.struck)

-- name: paused
SELECT s.job || ' ' || s.scheduled_for || ' began at ' || s.started_at || ' while its job was paused'
  FROM hotclock.slot_states AS s JOIN witness.pauses AS p ON p.job = s.job
 WHERE s.started_at > p.from_at AND s.started_at < p.until

-- The nets below all of it, whatever the code above does.
-- name: nets
SELECT 'nothing in the database itself keeps a user from being paid twice for one date'
 WHERE NOT EXISTS (SELECT 1 FROM pg_index AS i WHERE i.indrelid = 'platform.transactions'::regclass
                      AND i.indisunique AND i.indisvalid
                      AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute AS a
                            WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) = '{bonus_date,user_id}')
UNION ALL
SELECT 'nothing in the database itself keeps a job from running twice at once'
 WHERE NOT EXISTS (SELECT 1 FROM pg_index AS i WHERE i.indrelid = 'hotclock.leases'::regclass AND i.indisunique
                      AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute AS a
                            WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) = '{job_id,lane}')
