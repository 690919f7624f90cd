-- What the auditor asks; see service/schema/0013_auditor.sql for what it keeps. Every statement looks at a
-- bounded number of rows, by an index.

-- ---------------------------------------------------------------- slots

-- name: jobs
SELECT id, name, schedule, entered_until FROM jobs WHERE id > $1 ORDER BY id LIMIT $2

-- name: job
SELECT id, name, schedule, entered_until FROM jobs WHERE name = $1

-- name: schedules
SELECT since, schedule FROM job_schedules WHERE job_id = $1 ORDER BY since

-- Where each slot of a job stands, in the order of its instants.
-- name: slots
SELECT s.id, s.scheduled_for, s.slot_key, s.trigger, s.entered_at, s.partition_of,
       (SELECT count(*) FROM leases AS l
         WHERE l.job_id = s.job_id AND l.lane IN (0, s.id) AND l.slot_id = s.id),
       (SELECT count(*) FROM queue AS q
         WHERE q.phase IN ('due', 'later', 'waiting', 'unknown')
           AND q.line IN (coalesce(-s.queue_id, 0), s.job_id) AND q.claim_rank = s.claim_rank
           AND q.slot_id = s.id),
       (SELECT count(*) FROM history AS e WHERE e.slot_id = s.id AND e.ended IS NOT NULL),
       h.ended, h.started_at, h.ended_at, h.reason
  FROM slots AS s
  LEFT JOIN history AS h ON h.slot_id = s.id
       AND h.fence = (SELECT max(fence) FROM history WHERE slot_id = s.id AND ended IS NOT NULL)
 WHERE s.job_id = $1 AND s.scheduled_for >= $2 AND s.scheduled_for <= $4
   AND (s.scheduled_for, s.id) > ($2, $3)
 ORDER BY s.scheduled_for, s.id LIMIT $5

-- The last one of the schedule before a range: it may stand for many.
-- name: slot_before
SELECT s.scheduled_for, h.ended, h.reason FROM slots AS s
  LEFT JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
 WHERE s.job_id = $1 AND s.scheduled_for < $2 AND s.slot_key = '' AND s.trigger <> 'early'
 ORDER BY s.scheduled_for DESC LIMIT 1

-- The earliest start of a node that is there.
-- name: watched_since
SELECT min(started_at) FROM nodes WHERE stopped_at IS NULL AND seen_at >= $1

-- name: acts
SELECT id, at, who, what, detail FROM audit
 WHERE job = $1 AND id > $2 AND outcome = 'done' AND what IN ('pause', 'resume', 'kill', 'revive')
 ORDER BY id LIMIT $3

-- name: live_changes
SELECT version, at, became, author FROM live_changes WHERE job = $1 AND version > $2 ORDER BY version LIMIT $3

-- ---------------------------------------------------------------- what it saw of settings and prices

-- name: seen
SELECT since, value FROM auditor_seen WHERE what = $1 ORDER BY since

-- name: last_seen
SELECT value FROM auditor_seen WHERE what = $1 ORDER BY since DESC LIMIT 1

-- name: see
INSERT INTO auditor_seen (what, since, value) VALUES ($1, $2, $3)
ON CONFLICT (what, since) DO UPDATE SET value = excluded.value

-- name: tiers
SELECT tier, price_coins, duration_days, is_active FROM og_tiers ORDER BY tier

-- ---------------------------------------------------------------- money

-- name: bonus_slots
SELECT s.id, s.scheduled_for, h.ended, h.started_at, h.ended_at, h.tally, h.set_aside_total
  FROM slots AS s LEFT JOIN history AS h ON h.slot_id = s.id AND h.ended IS NOT NULL
 WHERE s.job_id = $1 AND s.scheduled_for >= $2 AND s.scheduled_for < $3 AND s.partition_of IS NULL
 ORDER BY s.scheduled_for, s.id LIMIT $4

-- name: partitions
SELECT id FROM slots WHERE partition_of = $1 ORDER BY id

-- name: set_aside
SELECT f.record FROM history AS h JOIN failures AS f ON f.execution_id = h.execution_id
 WHERE h.slot_id = $1 AND h.ended IS NOT NULL AND h.set_aside_total > 0

-- name: slot
SELECT j.name, s.scheduled_for FROM slots AS s JOIN jobs AS j ON j.id = s.job_id WHERE s.id = $1

-- name: users_end
SELECT coalesce(max(id), $1), count(*) FROM (SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2) AS piece

-- What each execution paid, by tier and amount. $1 < user <= $2, for the date $3.
-- name: payments
SELECT coalesce(execution_id, ''), coalesce(metadata, ''), amount, count(*), coalesce(sum(amount), 0), min(user_id)
  FROM transactions WHERE bonus_date = $3 AND user_id > $1 AND user_id <= $2
 GROUP BY execution_id, metadata, amount ORDER BY min(user_id) LIMIT $4

-- name: paid_twice
SELECT user_id, count(*), sum(amount) FROM transactions
 WHERE bonus_date = $3 AND user_id > $1 AND user_id <= $2
 GROUP BY user_id HAVING count(*) > 1 ORDER BY user_id LIMIT $4

-- name: unpaid
SELECT u.id, u.og_level, u.og_expires_at, u.created_at FROM users AS u
 WHERE u.id > $1 AND u.id <= $2 AND u.og_level > 0 AND u.og_expires_at > $4 AND u.is_banned = 0
   AND NOT EXISTS (SELECT 1 FROM transactions AS t WHERE t.bonus_date = $3 AND t.user_id = u.id)
 ORDER BY u.id LIMIT $5

-- name: next_bonus_date
SELECT CAST(min(bonus_date) AS TEXT) FROM transactions WHERE bonus_date > $1

-- ---------------------------------------------------------------- other effects

-- name: last_completed
SELECT s.scheduled_for, h.ended_at FROM slots AS s
  JOIN history AS h ON h.slot_id = s.id AND h.ended = 'completed'
 WHERE s.job_id = $1 AND s.partition_of IS NULL AND s.scheduled_for >= $2 AND h.ended_at <= $3
 ORDER BY s.scheduled_for DESC LIMIT 1

-- name: thrones_standing
SELECT id, stream_id, expires_at FROM thrones
 WHERE is_active = 1 AND expires_at <= $1 ORDER BY expires_at LIMIT $2

-- name: festival_edits
SELECT count(*) FROM festival_edits

-- name: gifts_wrong
SELECT g.id, g.is_active FROM gifts AS g
 WHERE g.is_active <> CASE WHEN g.always_available = 1
          OR EXISTS (SELECT 1 FROM festival_gifts AS fg JOIN festivals AS f ON f.id = fg.festival_id
                      WHERE fg.gift_id = g.id AND f.is_active = 1) THEN 1 ELSE 0 END
 ORDER BY g.id LIMIT $1

-- ---------------------------------------------------------------- whose turn it is

-- name: enlist
INSERT INTO auditor_turns (one, lease_until) VALUES (1, $1) ON CONFLICT (one) DO NOTHING

-- name: claim
UPDATE auditor_turns SET node_id = $1, fence = fence + 1, lease_until = $3
 WHERE one = 1 AND lease_until <= $2
RETURNING fence, passed_at

-- name: hold
UPDATE auditor_turns SET lease_until = $2 WHERE one = 1 AND fence = $1

-- name: passed
UPDATE auditor_turns SET passed_at = $2, error = $3 WHERE one = 1 AND fence = $1

-- name: release
UPDATE auditor_turns SET lease_until = $2 WHERE one = 1 AND fence = $1

-- name: turn
SELECT node_id, lease_until, passed_at, error FROM auditor_turns WHERE one = 1

-- ---------------------------------------------------------------- what it found

-- name: found
INSERT INTO auditor_differences (scope, kind, subject, job, at, detail, found_at, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (scope, kind, subject) DO UPDATE
   SET detail = excluded.detail, seen_at = excluded.seen_at, gone_at = NULL

-- Of what was looked at: all that was seen before and not now.
-- name: gone
UPDATE auditor_differences SET gone_at = $4
 WHERE scope = $1 AND at >= $2 AND at <= $3 AND seen_at < $4 AND gone_at IS NULL

-- What alerts go by.
-- name: standing
SELECT scope, kind, subject, job, at, detail, found_at, seen_at FROM auditor_differences
 WHERE gone_at IS NULL ORDER BY at DESC, scope, kind, subject LIMIT $1

-- name: count_standing
SELECT count(*) FROM auditor_differences WHERE gone_at IS NULL

-- ---------------------------------------------------------------- what it signed

-- name: newest_report
SELECT day, seal FROM auditor_reports ORDER BY day DESC LIMIT 1

-- name: keep_report
INSERT INTO auditor_reports (day, made_at, report, seal, signature, differences)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: report
SELECT day, made_at, report, seal, signature, differences FROM auditor_reports WHERE day = $1

-- name: reports
SELECT day, made_at, seal, signature, differences FROM auditor_reports WHERE day < $1 ORDER BY day DESC LIMIT $2

-- name: reports_since
SELECT day, made_at, report, seal, signature, differences FROM auditor_reports WHERE day > $1 ORDER BY day LIMIT $2
