-- Live changes and the kill switch: see service/schema/0007_live.sql.

-- name: standing
SELECT job, version, became, author, reason, at FROM live_changes
 WHERE job = $1 ORDER BY version DESC LIMIT 1

-- name: add
INSERT INTO live_changes (job, version, act, was, became, author, reason, at, undoes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id

-- name: switch_off
UPDATE jobs SET disabled_by = $2, disabled_reason = $3 WHERE id = $1

-- name: reschedule
UPDATE jobs SET schedule_change = $2 WHERE id = $1

-- name: changes
SELECT id, job, version, act, was, became, author, reason, at, undoes FROM live_changes
 WHERE job = $1 AND id < $2 ORDER BY version DESC LIMIT $3

-- name: all_changes
SELECT id, job, version, act, was, became, author, reason, at, undoes FROM live_changes
 WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: of_version
SELECT id, job, version, act, was, became, author, reason, at, undoes FROM live_changes
 WHERE job = $1 AND version = $2

-- name: author
SELECT author, reason, at FROM live_changes WHERE job = $1 AND version = $2

-- What is in force: the newest row of each job.
-- name: in_force
SELECT c.job, c.version, c.became, c.author, c.reason, c.at, j.schedule_change, s.at
  FROM jobs AS j
  JOIN live_changes AS c ON c.job = j.name
   AND c.version = (SELECT max(version) FROM live_changes WHERE job = j.name)
  LEFT JOIN live_changes AS s ON s.job = j.name AND s.version = j.schedule_change
 ORDER BY c.job

-- name: newest
SELECT coalesce(max(id), 0) FROM live_changes

-- name: kill
INSERT INTO kill_switch (one, switched_by, reason, since) VALUES (1, $1, $2, $3)
ON CONFLICT (one) DO UPDATE SET switched_by = excluded.switched_by, reason = excluded.reason

-- name: cancel_all
UPDATE leases SET cancel_requested_by = $1 WHERE cancel_requested_by IS NULL

-- name: revive
DELETE FROM kill_switch WHERE one = 1

-- name: kill_switch
SELECT switched_by, reason, since FROM kill_switch
