-- The witness: a ledger beside the ledger. It writes down what was done as often as it was done, without any
-- unique key, in the transactions that do it; and what it sees of leases in the order of their settlements.

-- name: install
CREATE SCHEMA witness;

CREATE TABLE witness.effects (
  n BIGINT GENERATED ALWAYS AS IDENTITY,
  at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  what TEXT NOT NULL,                -- paid, balance, told, fell
  whom TEXT NOT NULL,                -- user and date, user, event and whom it is about, throne
  coins BIGINT NOT NULL DEFAULT 0,
  execution_id TEXT
);
CREATE INDEX ON witness.effects (execution_id);
CREATE INDEX ON witness.effects (what, whom);
CREATE TABLE witness.leases (
  n BIGINT GENERATED ALWAYS AS IDENTITY,
  job_id BIGINT NOT NULL, slot_id BIGINT NOT NULL, fence BIGINT NOT NULL, node_id BIGINT NOT NULL,
  partition_of BIGINT,
  taken BOOLEAN NOT NULL
);
-- Effects whose execution did not hold its slot when they were committed.
CREATE TABLE witness.stale (at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(), what TEXT NOT NULL,
                            execution_id TEXT NOT NULL);

-- What the test knows: which slots there must be, and what it did itself.
CREATE TABLE witness.schedules (job TEXT NOT NULL, zone TEXT NOT NULL, every INTEGER NOT NULL,
                                from_at TIMESTAMPTZ NOT NULL, until TIMESTAMPTZ);
CREATE TABLE witness.unsure (job TEXT, from_at TIMESTAMPTZ NOT NULL, until TIMESTAMPTZ);
CREATE TABLE witness.pauses (job TEXT NOT NULL, from_at TIMESTAMPTZ NOT NULL, until TIMESTAMPTZ);
CREATE TABLE witness.struck (pid BIGINT NOT NULL);
-- The database's clock was set back: how far it had come, and where it began once more.
CREATE TABLE witness.set_back (reached TIMESTAMPTZ NOT NULL, fell_to TIMESTAMPTZ NOT NULL);
-- Users who came later than the last one then are no part of it.
CREATE TABLE witness.bonuses (slot_id BIGINT NOT NULL, last_user BIGINT NOT NULL);

CREATE FUNCTION witness.transaction_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.type = 'og_bonus' THEN
    INSERT INTO witness.effects (what, whom, coins, execution_id)
    VALUES ('paid', NEW.user_id || ' ' || NEW.bonus_date, NEW.amount, NEW.execution_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER INSERT ON platform.transactions
  FOR EACH ROW EXECUTE FUNCTION witness.transaction_added();

CREATE FUNCTION witness.balance_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO witness.effects (what, whom, coins)
  VALUES ('balance', NEW.id::text, NEW.bonus_balance - OLD.bonus_balance);
  RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER UPDATE OF bonus_balance ON platform.users
  FOR EACH ROW EXECUTE FUNCTION witness.balance_changed();

CREATE FUNCTION witness.throne_fell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO witness.effects (what, whom) VALUES ('fell', NEW.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER UPDATE OF is_active ON platform.thrones
  FOR EACH ROW WHEN (OLD.is_active = 1 AND NEW.is_active = 0) EXECUTE FUNCTION witness.throne_fell();

CREATE FUNCTION witness.event_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO witness.effects (what, whom, execution_id)
  VALUES ('told', NEW.event || ' ' || CASE NEW.event
            WHEN 'og:bonus' THEN (NEW.payload::json->>'userId') || ' ' || (NEW.payload::json->>'date')
            WHEN 'throne:expired' THEN NEW.payload::json->>'throneId'
            ELSE md5(NEW.payload) END,
          NEW.execution_id);
  RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER INSERT ON hotclock.outbox
  FOR EACH ROW EXECUTE FUNCTION witness.event_told();

-- As the transaction commits: does who did it still hold the slot? The proof of the fence has locked the
-- lease, so that nobody can take it in between.
CREATE FUNCTION witness.execution_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.execution_id IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM hotclock.leases WHERE execution_id = NEW.execution_id) THEN
    INSERT INTO witness.stale (what, execution_id) VALUES (NEW.what || ' ' || NEW.whom, NEW.execution_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER holds AFTER INSERT ON witness.effects DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION witness.execution_holds();

CREATE FUNCTION witness.lease_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  lease hotclock.leases := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO witness.leases (job_id, slot_id, fence, node_id, partition_of, taken)
  VALUES (lease.job_id, lease.slot_id, lease.fence, lease.node_id, lease.partition_of, TG_OP = 'INSERT');
  RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER INSERT OR DELETE ON hotclock.leases
  FOR EACH ROW EXECUTE FUNCTION witness.lease_changed();

-- Who may be struck has no say in what is written down.
REVOKE ALL ON ALL TABLES IN SCHEMA witness FROM PUBLIC;
