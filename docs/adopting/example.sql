-- Hotclock's view of the platform in app.sql: schema platform, which its jobs read and write through. Run by
-- the owner of the tables. docs/adopting.md explains each step; take this file as the start of your own.

BEGIN;

-- 1. What the operator's tables lacked. All of it may stay when Hotclock goes.

-- A payment is an entry of a kind of its own, for a local date, once for each account and date. This index
-- is what "nobody is paid twice" rests on. On a large table build it with CREATE UNIQUE INDEX CONCURRENTLY
-- before this file.
ALTER TYPE app.entry_kind ADD VALUE 'og_bonus';
ALTER TABLE app.wallet_entries
  ADD COLUMN bonus_day date,
  ADD COLUMN execution text,
  ADD COLUMN bonus_facts text;
CREATE UNIQUE INDEX wallet_entries_bonus ON app.wallet_entries (bonus_day, account_id)
  WHERE bonus_day IS NOT NULL;
ALTER TABLE app.accounts ADD COLUMN last_bonus_day date;

-- What the jobs look for, found without reading everything.
CREATE INDEX wallet_entries_gifts ON app.wallet_entries (account_id) WHERE kind = 'gift_sent';
CREATE INDEX shows_live ON app.shows (show_id) WHERE state = 'live';
CREATE INDEX shows_by_host ON app.shows (host_id);
CREATE INDEX thrones_due ON app.thrones (falls_at) WHERE standing::int = 1;
CREATE INDEX festival_gifts_by_gift ON app.festival_gifts (gift_id);
CREATE INDEX karma_by_account ON app.karma (account_id, points);

CREATE SCHEMA platform;

-- 2. Plain views: what is written is a plain column, so that PostgreSQL writes through by itself, set-wise
-- and as fast as into the table. What is only read may be any expression.

-- Written: bonus_balance, last_bonus_date.
CREATE VIEW platform.users AS
SELECT account_id AS id,
       coalesce(vip_tier, 0) AS og_level,
       vip_until AS og_expires_at,
       wallet_bonus AS bonus_balance,
       CASE kyc WHEN 'passed' THEN 'verified' WHEN 'refused' THEN 'rejected' ELSE 'pending' END AS kyc_status,
       (phone_confirmed_at IS NOT NULL)::int AS phone_verified,
       (email_confirmed_at IS NOT NULL)::int AS email_verified,
       (socials <> '[]')::int AS social_connected,
       banned::int AS is_banned,
       last_bonus_day AS last_bonus_date,
       joined_at AS created_at
  FROM app.accounts;

-- Added to. Enums may stay enums where they know the words: og_bonus, gift_sent; bonus; completed.
CREATE VIEW platform.transactions AS
SELECT account_id AS user_id, kind AS type, amount, wallet AS currency, state AS status,
       note AS description, bonus_day AS bonus_date, execution AS execution_id, bonus_facts AS metadata,
       booked_at AS created_at
  FROM app.wallet_entries;

-- Added to, changed and removed from, with ON CONFLICT (stream_id).
CREATE VIEW platform.stream_ranks AS
SELECT show_id AS stream_id, score AS engagement_score, place AS rank_overall,
       place_in_genre AS rank_in_category, place_in_country AS rank_in_country,
       place_before AS previous_rank, reckoned_at AS computed_at
  FROM app.show_places;

-- Only read.
CREATE VIEW platform.og_tiers AS
SELECT tier, price AS price_coins, days AS duration_days, on_sale::int AS is_active FROM app.vip_tiers;

CREATE VIEW platform.streams AS
SELECT show_id AS id, host_id, state AS status, genre AS category, country, began_at AS started_at,
       viewers AS current_viewers, coins AS total_coins, engagement AS engagement_rate
  FROM app.shows;

CREATE VIEW platform.festival_gifts AS SELECT festival_id, gift_id FROM app.festival_gifts;

CREATE VIEW platform.reputation_events AS
SELECT karma_id AS id, account_id AS user_id, reason AS type, points AS delta, given_at AS created_at
  FROM app.karma;

-- 3. Views whose is_active is a boolean of the operator's: an expression cannot be written through, so a
-- trigger translates, row by row. It changes nothing where the row is no longer as it was seen, and says so.
-- SECURITY DEFINER: it works with the rights of whoever runs this file, not with Hotclock's.

CREATE VIEW platform.thrones AS
SELECT t.throne_id AS id, t.show_id AS stream_id, t.account_id AS user_id, a.handle AS username,
       t.coins AS total_coins, t.falls_at AS expires_at, t.standing::int AS is_active
  FROM app.thrones AS t LEFT JOIN app.accounts AS a ON a.account_id = t.account_id;

CREATE VIEW platform.festivals AS
SELECT festival_id AS id, name, coalesce(country::text, 'GLOBAL') AS country, weight AS priority,
       lower(runs) AS starts_at, upper(runs) AS ends_at, running::int AS is_active,
       look::text AS theme, skins::text AS skins, rewards::text AS bonuses
  FROM app.festivals;

CREATE VIEW platform.gifts AS
SELECT gift_id AS id, on_sale::int AS is_active, all_year::int AS always_available FROM app.gifts;

CREATE FUNCTION platform.switch_throne() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS $$
BEGIN
  UPDATE thrones SET standing = (NEW.is_active = 1)
   WHERE throne_id = OLD.id AND standing = (OLD.is_active = 1);
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION platform.switch_festival() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS $$
BEGIN
  UPDATE festivals SET running = (NEW.is_active = 1)
   WHERE festival_id = OLD.id AND running = (OLD.is_active = 1);
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION platform.switch_gift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS $$
BEGIN
  UPDATE gifts SET on_sale = (NEW.is_active = 1)
   WHERE gift_id = OLD.id AND on_sale = (OLD.is_active = 1);
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION platform.switch_throne(), platform.switch_festival(), platform.switch_gift() FROM PUBLIC;

CREATE TRIGGER switch INSTEAD OF UPDATE ON platform.thrones
  FOR EACH ROW EXECUTE FUNCTION platform.switch_throne();
CREATE TRIGGER switch INSTEAD OF UPDATE ON platform.festivals
  FOR EACH ROW EXECUTE FUNCTION platform.switch_festival();
CREATE TRIGGER switch INSTEAD OF UPDATE ON platform.gifts
  FOR EACH ROW EXECUTE FUNCTION platform.switch_gift();

-- 4. What the operator has no table for: plain tables beside the views. Jobs need ON CONFLICT on both, which
-- a trigger could not give.

CREATE TABLE platform.user_trust (
  user_id bigint PRIMARY KEY REFERENCES app.accounts,
  score double precision NOT NULL DEFAULT 0 CHECK (score BETWEEN 0 AND 100),
  level text NOT NULL DEFAULT 'low' CHECK (level IN ('low', 'medium', 'high', 'verified')),
  factors text NOT NULL DEFAULT '{}',
  running_sum double precision NOT NULL DEFAULT 0,
  watermark bigint NOT NULL DEFAULT 0,
  summed_at timestamptz NOT NULL
);

CREATE TABLE platform.themes (
  country text PRIMARY KEY CHECK (country = 'GLOBAL' OR length(country) = 2),
  version bigint NOT NULL CHECK (version >= 1),
  festival_id bigint,
  theme text NOT NULL,
  changed_at timestamptz NOT NULL
);

COMMIT;
