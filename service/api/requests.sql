-- Requests that carry a key, so that who hears no answer may ask again: see requests.h.

-- name: forget
DELETE FROM api_requests WHERE begun_at < $1

-- name: begin
INSERT INTO api_requests (who, request_key, fingerprint, begun_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (who, request_key) DO NOTHING

-- name: find
SELECT fingerprint, status, answer FROM api_requests WHERE who = $1 AND request_key = $2

-- name: finish
UPDATE api_requests SET status = $3, answer = $4 WHERE who = $1 AND request_key = $2

-- name: take_back
DELETE FROM api_requests WHERE who = $1 AND request_key = $2
