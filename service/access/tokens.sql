-- Tokens: see service/schema/0006_access.sql.

-- name: make
INSERT INTO tokens (key_id, line, secret_hash, name, role, rights, jobs, networks, created_at,
                    created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id

-- name: by_key
SELECT id, key_id, line, secret_hash, name, role, rights, jobs, networks, created_at, created_by,
       expires_at, revoked_at, revoked_by, last_used_at, last_used_from
  FROM tokens WHERE key_id = $1

-- name: by_id
SELECT id, key_id, line, secret_hash, name, role, rights, jobs, networks, created_at, created_by,
       expires_at, revoked_at, revoked_by, last_used_at, last_used_from
  FROM tokens WHERE id = $1

-- name: every
SELECT id, key_id, line, secret_hash, name, role, rights, jobs, networks, created_at, created_by,
       expires_at, revoked_at, revoked_by, last_used_at, last_used_from
  FROM tokens ORDER BY id

-- name: any
SELECT id FROM tokens LIMIT 1

-- At most once a minute: $4 is a minute ago.
-- name: used
UPDATE tokens SET last_used_at = $2, last_used_from = $3
 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $4)

-- name: revoke
UPDATE tokens SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL

-- It is good until $2, or shorter.
-- name: let_end
UPDATE tokens SET expires_at = CASE WHEN expires_at < $2 THEN expires_at ELSE $2 END
 WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)

-- name: regrant
UPDATE tokens SET role = $2, rights = $3, jobs = $4
 WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $5)

-- name: newest_of_line
SELECT max(id) FROM tokens WHERE line = $1

-- What tokens stand for now: what the newest of their line is granted.
-- name: standings
SELECT t.id, t.name, t.revoked_at, n.revoked_at, n.expires_at, n.role, n.rights, n.jobs
  FROM tokens AS t JOIN tokens AS n ON n.line = t.line
 WHERE t.id >= $1 AND t.id <= $2
   AND n.id = (SELECT max(x.id) FROM tokens AS x WHERE x.line = t.line)
