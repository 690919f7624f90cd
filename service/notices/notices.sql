-- Notices in line: see service/schema/0012_notices.sql.

-- name: enqueue
INSERT INTO notices (notifier, group_key, content, hash, created_at, due_at)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (notifier, group_key, hash) WHERE sent_at IS NULL DO NOTHING
