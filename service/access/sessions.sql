-- Sessions of people's browsers: see service/schema/0006_access.sql.

-- name: begin
INSERT INTO browser_sessions (secret_hash, csrf_hash, token_id, address, began_at, seen_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $5, $6)

-- name: find
SELECT s.csrf_hash, s.seen_at, s.ends_at, s.ended_at, t.id, t.name, t.role, t.rights, t.jobs,
       t.networks, t.expires_at, t.revoked_at
  FROM browser_sessions AS s JOIN tokens AS t ON t.id = s.token_id
 WHERE s.secret_hash = $1

-- $3 is a little while ago: not each request is written down.
-- name: seen
UPDATE browser_sessions SET seen_at = $2
 WHERE secret_hash = $1 AND seen_at <= $3 AND ended_at IS NULL

-- name: end
UPDATE browser_sessions SET ended_at = $2 WHERE secret_hash = $1 AND ended_at IS NULL

-- name: end_of_token
UPDATE browser_sessions SET ended_at = $2 WHERE token_id = $1 AND ended_at IS NULL

-- name: forget
DELETE FROM browser_sessions WHERE ends_at < $1 OR ended_at < $1
