-- Notices in line, and who is told: see service/schema/0012_notices.sql.

-- name: enqueue
INSERT INTO notices (notifier, group_key, content, hash, created_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (notifier, group_key, hash) WHERE sent_at IS NULL DO NOTHING

-- name: enlist
INSERT INTO notifiers (name, lease_until, next_at, minute_from) VALUES ($1, $2, $2, $2)
ON CONFLICT (name) DO NOTHING

-- name: claim
UPDATE notifiers SET node_id = $2, fence = fence + 1, lease_until = $4
 WHERE name = $1 AND lease_until <= $3
RETURNING fence, next_at, failures, minute_from, minute_count

-- name: hold
UPDATE notifiers SET lease_until = $3 WHERE name = $1 AND fence = $2

-- name: release
UPDATE notifiers SET lease_until = $3, node_id = NULL WHERE name = $1 AND fence = $2

-- name: answered
UPDATE notifiers SET failures = 0, failing_since = NULL, error = '', sent_at = $3, minute_from = $4, minute_count = $5
 WHERE name = $1 AND fence = $2

-- name: was_away
UPDATE notifiers
   SET failures = failures + 1, failing_since = coalesce(failing_since, $3), error = $4, next_at = $5
 WHERE name = $1 AND fence = $2

-- name: refused_one
UPDATE notifiers SET failures = 0, failing_since = coalesce(failing_since, $3), error = $4
 WHERE name = $1 AND fence = $2

-- Of a group of which one is due, all.
-- name: waiting
SELECT id, group_key, content, created_at, attempts, due_at FROM notices
 WHERE notifier = $1 AND sent_at IS NULL
   AND group_key IN (SELECT group_key FROM notices WHERE notifier = $1 AND sent_at IS NULL AND due_at <= $2)
 ORDER BY id LIMIT $3

-- name: depth
SELECT count(*) FROM notices WHERE notifier = $1 AND sent_at IS NULL

-- name: sent
UPDATE notices SET sent_at = $2, last_error = '' WHERE id = $1 AND sent_at IS NULL

-- name: refused
UPDATE notices SET attempts = attempts + 1, due_at = $2, last_error = $3 WHERE id = $1 AND sent_at IS NULL

-- name: give_up
UPDATE notices SET sent_at = $2, given_up = 1 WHERE notifier = $1 AND sent_at IS NULL AND created_at <= $3

-- name: give_up_one
UPDATE notices SET sent_at = $2, given_up = 1, last_error = 'this is no notice' WHERE id = $1

-- name: give_up_nobodys
UPDATE notices SET sent_at = $1, given_up = 1, last_error = 'no node sends to this notifier any more'
 WHERE sent_at IS NULL AND created_at <= $2

-- name: forget
DELETE FROM notices WHERE sent_at IS NOT NULL AND sent_at <= $1
