-- What is still to be done of all that is due at $1; a line each.

-- name: slots
SELECT s.job || ' ' || s.scheduled_for || ' (' || s.trigger || ') is ' || s.state || ', attempt ' || s.attempt ||
       coalesce(', ' || nullif(s.reason, ''), '')
  FROM hotclock.slot_states AS s
 WHERE s.state <> 'ended' AND s.scheduled_for <= $1::timestamptz
 ORDER BY s.id

-- name: thrones
SELECT 'throne ' || id || ' stands since ' || claimed_at || ', its time was up at ' || expires_at
  FROM platform.thrones WHERE is_active = 1 AND expires_at <= $1::timestamptz
