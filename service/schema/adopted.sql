-- Where the platform's tables are the operator's, on PostgreSQL: a migration keeps to Hotclock's own schema,
-- which stands first in the search path.

-- name: stay_at_home
SELECT set_config('search_path', quote_ident(current_schema()), true)

-- What this transaction has made or changed elsewhere; a table that is altered, indexed or referred to
-- gets a new row in the catalogue.
-- name: strayed
SELECT n.nspname || '.' || c.relname
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.xmin = CAST(pg_current_xact_id() AS xid)
   AND n.nspname NOT IN (current_schema(), 'pg_toast')
 ORDER BY 1 LIMIT 1
