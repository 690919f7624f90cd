-- The places of the same texts by an index of their words, for an engine that has one (0014_past): $3 of them at
-- most, in no order.

-- name: reasons
SELECT scheduled_for, slot_id, fence, coalesce(execution_id, '') FROM history
 WHERE to_tsvector('simple', translate(left(reason, 100000), './:@_-<>&=%+#~?', '               ')) @@ to_tsquery('simple', $1)
   AND reason <> '' AND scheduled_for >= $2
 LIMIT $3

-- name: set_aside
SELECT execution_id, number FROM failures
 WHERE to_tsvector('simple', translate(left(record || ' ' || message, 100000), './:@_-<>&=%+#~?', '               '))
       @@ to_tsquery('simple', $1)
   AND execution_id >= $2
 LIMIT $3

-- name: logs
SELECT execution_id FROM execution_logs
 WHERE to_tsvector('simple', translate(left(text, 100000), './:@_-<>&=%+#~?', '               ')) @@ to_tsquery('simple', $1)
   AND execution_id >= $2
 LIMIT $3
