-- The newest document of each country.
-- name: newest
SELECT country, MAX(version) FROM theme_documents GROUP BY country

-- name: document
SELECT document FROM theme_documents WHERE country = $1 AND version = $2

-- Festivals that run or come.
-- name: calendar
SELECT id, name, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
  FROM festivals
 WHERE ends_at >= $1
 ORDER BY id
