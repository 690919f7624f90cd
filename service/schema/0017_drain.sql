-- A node that a person drains: it takes nothing new until it is taken back. A start is another row, which forgets it.
ALTER TABLE nodes ADD COLUMN drained_by TEXT;
ALTER TABLE nodes ADD COLUMN drained_at {instant};
ALTER TABLE nodes ADD COLUMN drained_because TEXT;
