-- The record of what people did becomes a chain: each row is sealed with a hash over itself and the
-- seal of the row before. Rows that were written before there was a chain keep no number.

ALTER TABLE audit ADD COLUMN number {integer};
ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done';  -- or 'refused': it was tried
ALTER TABLE audit ADD COLUMN came_from TEXT NOT NULL DEFAULT '';    -- an address; '' is this program itself
ALTER TABLE audit ADD COLUMN token_id {integer};                    -- that was shown
ALTER TABLE audit ADD COLUMN request TEXT NOT NULL DEFAULT '';      -- the id of the request
ALTER TABLE audit ADD COLUMN was TEXT NOT NULL DEFAULT '';          -- before it,
ALTER TABLE audit ADD COLUMN became TEXT NOT NULL DEFAULT '';       -- and after
ALTER TABLE audit ADD COLUMN seal TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_by_number ON audit (number);

-- The end of the chain, in one row at most: who adds to it changes this first, and so waits for who
-- came before.
CREATE TABLE audit_head (
  one {integer} NOT NULL PRIMARY KEY CHECK (one = 1),
  number {integer} NOT NULL,
  seal TEXT NOT NULL
){table_end};
