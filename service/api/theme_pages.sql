-- The newest document of each country.
-- name: newest
SELECT country, MAX(version) FROM theme_documents GROUP BY country

-- name: document
SELECT document FROM theme_documents WHERE country = $1 AND version = $2

-- What runs or comes in a country and everywhere. Of what begins after $2 only the dates count, and looks
-- may be long.
-- name: calendar
SELECT id, name, country, priority, starts_at, ends_at, is_active,
       CASE WHEN starts_at <= $2 THEN theme ELSE '{}' END,
       CASE WHEN starts_at <= $2 THEN skins ELSE '[]' END,
       CASE WHEN starts_at <= $2 THEN bonuses ELSE '{}' END
  FROM festivals
 WHERE ends_at >= $1 AND country IN ($3, 'GLOBAL')
 ORDER BY id
