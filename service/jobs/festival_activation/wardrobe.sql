-- name: worn
SELECT t.country, t.version, t.festival_id, t.theme, coalesce(d.document, '')
  FROM themes AS t LEFT JOIN theme_documents AS d ON d.country = t.country AND d.version = t.version
 ORDER BY t.country

-- name: newest
SELECT country, max(version) FROM theme_documents GROUP BY country

-- name: dress
INSERT INTO themes (country, version, festival_id, theme, changed_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (country) DO UPDATE
   SET version = excluded.version, festival_id = excluded.festival_id, theme = excluded.theme,
       changed_at = excluded.changed_at

-- name: keep_document
INSERT INTO theme_documents (country, version, document, valid_until, made_at) VALUES ($1, $2, $3, $4, $5)

-- name: forget_documents
DELETE FROM theme_documents WHERE country = $1 AND version <= $2
