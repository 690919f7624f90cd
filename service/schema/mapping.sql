-- What PostgreSQL's catalogue knows of a table or view of the platform's, and of what lies behind it.

-- Whoever may not use the schema sees what lies in it nonetheless.
-- name: found
SELECT CAST(c.oid AS BIGINT)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'f', 'm')

-- The last column: the events that an INSTEAD OF trigger or an INSTEAD rule takes over, as pg_trigger numbers
-- them (4 INSERT, 8 DELETE, 16 UPDATE), added up. A view works with the rights of its owner, or of whoever
-- asks.
-- name: relation
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname),
       CAST(c.relkind AS TEXT),
       CASE WHEN EXISTS (SELECT 1 FROM pg_options_to_table(c.reloptions)
                          WHERE option_name = 'security_invoker' AND CAST(option_value AS BOOLEAN))
            THEN CAST(current_user AS TEXT) ELSE CAST(pg_get_userbyid(c.relowner) AS TEXT) END,
       (SELECT coalesce(bit_or(CAST(t.tgtype AS INTEGER) & 28), 0) FROM pg_trigger AS t
         WHERE t.tgrelid = c.oid AND t.tgtype & 64 <> 0)
       | (SELECT coalesce(bit_or(CASE w.ev_type WHEN '2' THEN 16 WHEN '3' THEN 4 ELSE 8 END), 0)
            FROM pg_rewrite AS w
           WHERE w.ev_class = c.oid AND w.ev_type <> '1' AND w.is_instead)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.oid = CAST($1 AS oid)

-- A domain counts as what it is made of.
-- name: columns
SELECT CAST(a.attnum AS BIGINT), CAST(a.attname AS TEXT), format_type(a.atttypid, a.atttypmod),
       CAST(b.typname AS TEXT), b.typtype = 'e', quote_ident(a.attname), a.atthasdef,
       a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
  FROM pg_attribute AS a
  JOIN pg_type AS t ON t.oid = a.atttypid
  JOIN pg_type AS b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
 WHERE a.attrelid = CAST($1 AS oid) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum

-- name: tree
SELECT CAST(ev_action AS TEXT) FROM pg_rewrite
 WHERE ev_class = CAST($1 AS oid) AND rulename = '_RETURN'

-- name: indexes
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), i.indisunique,
       i.indisvalid AND i.indisready, CAST(i.indkey AS TEXT), CAST(i.indnkeyatts AS BIGINT),
       coalesce(pg_get_expr(i.indpred, i.indrelid), '')
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE i.indrelid = CAST($1 AS oid)
 ORDER BY 1

-- Tables that a view reads and that $2, with whose rights it works, may not.
-- name: unreadable
SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname), CAST(c.relkind AS TEXT)
  FROM pg_rewrite AS w
  JOIN pg_depend AS d ON d.classid = CAST('pg_rewrite' AS regclass) AND d.objid = w.oid
       AND d.refclassid = CAST('pg_class' AS regclass) AND d.refobjid <> w.ev_class
  JOIN pg_class AS c ON c.oid = d.refobjid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE w.ev_class = CAST($1 AS oid) AND w.rulename = '_RETURN'
   AND NOT has_table_privilege(CAST($2 AS TEXT), c.oid, 'SELECT')
   AND (d.refobjsubid = 0
        OR NOT has_column_privilege(CAST($2 AS TEXT), c.oid, CAST(d.refobjsubid AS SMALLINT), 'SELECT'))
 ORDER BY 1

-- name: may_write
SELECT has_column_privilege(CAST($1 AS TEXT), CAST($2 AS oid), CAST($3 AS SMALLINT), CAST($4 AS TEXT))

-- name: may_remove
SELECT has_table_privilege(CAST($1 AS TEXT), CAST($2 AS oid), 'DELETE')

-- Functions of INSTEAD OF triggers that work with the rights of whoever writes, who has none behind the view.
-- name: powerless
SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname), CAST(current_user AS TEXT)
  FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE t.tgrelid = CAST($1 AS oid) AND t.tgtype & 64 <> 0 AND NOT p.prosecdef
   AND NOT EXISTS (SELECT 1 FROM pg_rewrite AS w
                     JOIN pg_depend AS d ON d.classid = CAST('pg_rewrite' AS regclass)
                          AND d.objid = w.oid AND d.refclassid = CAST('pg_class' AS regclass)
                          AND d.refobjid <> w.ev_class
                    WHERE w.ev_class = t.tgrelid AND has_any_column_privilege(d.refobjid, 'UPDATE'))

-- name: asking
SELECT CAST(current_user AS TEXT)

-- Sequences from which defaults of a table take their numbers, and that the role that asks may not use.
-- name: uncountable
SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
  FROM pg_attrdef AS a
  JOIN pg_depend AS d ON d.classid = CAST('pg_attrdef' AS regclass) AND d.objid = a.oid
       AND d.refclassid = CAST('pg_class' AS regclass)
  JOIN pg_class AS c ON c.oid = d.refobjid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE a.adrelid = CAST($1 AS oid)
   -- Asked of nothing else: it is an error of anything but a sequence.
   AND CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'USAGE, UPDATE') ELSE FALSE END
 ORDER BY 1

-- Functions of a table's triggers that work with the rights of whoever writes, where these are not everything.
-- name: invoked
SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(p.proname)
  FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE t.tgrelid = CAST($1 AS oid) AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND NOT p.prosecdef
   AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
 ORDER BY 1
