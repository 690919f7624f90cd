-- Alerts, silences and whose turn it is: see service/schema/0011_alerts.sql.

-- name: open_alerts
SELECT id, rule, severity, identity, labels, annotations, state, began_at, fired_at, away_since, resolved_at,
       resolve_after, mark, held_back, told
  FROM alerts WHERE open = 1 ORDER BY id

-- name: add_alert
INSERT INTO alerts (rule, severity, identity, labels, annotations, state, began_at, fired_at, resolve_after,
                    mark, held_back, told, open)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, 1)
RETURNING id

-- name: change_alert
UPDATE alerts SET severity = $2, annotations = $3, state = $4, began_at = $5, fired_at = $6, away_since = $7,
                  resolved_at = $8, resolve_after = $9, mark = $10, held_back = $11, told = $12, open = $13
 WHERE id = $1

-- name: drop_alert
DELETE FROM alerts WHERE id = $1

-- name: forget_alerts
DELETE FROM alerts WHERE id IN (
  SELECT id FROM alerts WHERE resolved_at < $1 AND open = 0 ORDER BY resolved_at LIMIT 500)

-- name: one_alert
SELECT id, rule, severity, identity, labels, annotations, state, began_at, fired_at, away_since, resolved_at,
       resolve_after, mark, held_back, told
  FROM alerts WHERE id = $1

-- name: standing_alerts
SELECT id, rule, severity, identity, labels, annotations, state, began_at, fired_at, away_since, resolved_at,
       resolve_after, mark, held_back, told
  FROM alerts WHERE resolved_at IS NULL AND id < $1 ORDER BY id DESC LIMIT $2

-- name: newest_alerts
SELECT id, rule, severity, identity, labels, annotations, state, began_at, fired_at, away_since, resolved_at,
       resolve_after, mark, held_back, told
  FROM alerts WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: groups
SELECT group_key, since, told_at FROM alert_groups

-- name: put_group
INSERT INTO alert_groups (group_key, since, told_at) VALUES ($1, $2, $3)
ON CONFLICT (group_key) DO UPDATE SET since = excluded.since, told_at = excluded.told_at

-- name: drop_group
DELETE FROM alert_groups WHERE group_key = $1

-- name: silences_in_force
SELECT id, matchers, author, reason, begins_at, ends_at, made_at, lifted_by
  FROM silences WHERE ends_at > $1 ORDER BY id

-- name: newest_silences
SELECT id, matchers, author, reason, begins_at, ends_at, made_at, lifted_by
  FROM silences WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: one_silence
SELECT id, matchers, author, reason, begins_at, ends_at, made_at, lifted_by FROM silences WHERE id = $1

-- name: add_silence
INSERT INTO silences (matchers, author, reason, begins_at, ends_at, made_at) VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id

-- One that has not begun never does.
-- name: lift_silence
UPDATE silences
   SET ends_at = $2, lifted_by = $3, begins_at = CASE WHEN begins_at > $2 THEN $2 ELSE begins_at END
 WHERE id = $1 AND ends_at > $2

-- name: take_turn
INSERT INTO alert_turn AS t (one, node_id, fence, lease_until) VALUES (1, $1, 1, $3)
ON CONFLICT (one) DO UPDATE SET node_id = excluded.node_id, fence = t.fence + 1, lease_until = excluded.lease_until
 WHERE t.lease_until <= $2
RETURNING fence

-- name: keep_turn
UPDATE alert_turn SET lease_until = $2, passed_at = $3, looks = $4 WHERE one = 1 AND fence = $1

-- name: give_turn_up
UPDATE alert_turn SET lease_until = $2 WHERE one = 1 AND fence = $1

-- name: turn
SELECT n.name, t.lease_until, t.passed_at FROM alert_turn AS t LEFT JOIN nodes AS n ON n.id = t.node_id

-- name: last_pass
SELECT passed_at, looks FROM alert_turn WHERE passed_at IS NOT NULL

-- name: write_node_facts
INSERT INTO node_facts AS f (node_id, at, disk, disk_free, database_answers, reload_refused)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (node_id) DO UPDATE
   SET at = excluded.at, disk = excluded.disk, disk_free = excluded.disk_free,
       database_answers = excluded.database_answers, reload_refused = excluded.reload_refused

-- name: forget_node_facts
DELETE FROM node_facts WHERE at < $1
