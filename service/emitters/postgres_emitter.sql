-- A void cannot be read here; as a text it is empty.
-- name: notify
SELECT pg_notify($1, $2)::text

-- name: attach
INSERT INTO {attachments} (payload) VALUES (decode($1, 'base64')) RETURNING id::text
