-- A platform as its own engineers made it, before anybody thought of Hotclock: the example that
-- docs/adopting.md adopts. Everything lies in schema app; names, types and words are its own. The rows are
-- few, so that what the jobs do to them can be read at a glance.

BEGIN;
CREATE SCHEMA app;

CREATE TYPE app.kyc AS ENUM ('none', 'submitted', 'passed', 'refused');
CREATE TYPE app.wallet AS ENUM ('coins', 'bonus');
CREATE TYPE app.entry_kind AS ENUM ('topup', 'gift_sent', 'gift_received', 'promotion');
CREATE TYPE app.entry_state AS ENUM ('pending', 'completed', 'failed');
CREATE TYPE app.show_state AS ENUM ('preparing', 'live', 'ended', 'banned');

CREATE TABLE app.accounts (
  account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  public_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  handle text NOT NULL UNIQUE,
  vip_tier smallint,
  vip_until timestamptz,
  wallet_coins bigint NOT NULL DEFAULT 0 CHECK (wallet_coins >= 0),
  wallet_bonus bigint NOT NULL DEFAULT 0 CHECK (wallet_bonus >= 0),
  kyc app.kyc NOT NULL DEFAULT 'none',
  phone_confirmed_at timestamptz,
  email_confirmed_at timestamptz,
  socials jsonb NOT NULL DEFAULT '[]',
  banned boolean NOT NULL DEFAULT false,
  joined_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE app.vip_tiers (
  tier smallint PRIMARY KEY,
  label text NOT NULL,
  price integer NOT NULL CHECK (price >= 0),
  days integer NOT NULL CHECK (days >= 1),
  on_sale boolean NOT NULL DEFAULT true
);

-- Append-only; amount is signed, and each wallet is at every moment the sum of its completed entries.
CREATE TABLE app.wallet_entries (
  entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES app.accounts,
  kind app.entry_kind NOT NULL,
  wallet app.wallet NOT NULL,
  amount bigint NOT NULL,
  state app.entry_state NOT NULL DEFAULT 'completed',
  note text NOT NULL DEFAULT '',
  details jsonb,
  booked_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE app.shows (
  show_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  host_id bigint NOT NULL REFERENCES app.accounts,
  title text NOT NULL,
  state app.show_state NOT NULL DEFAULT 'preparing',
  genre text NOT NULL,
  country char(2) NOT NULL,
  began_at timestamptz NOT NULL,
  viewers integer NOT NULL DEFAULT 0,
  coins bigint NOT NULL DEFAULT 0,
  engagement numeric(5, 2) NOT NULL DEFAULT 0
);

-- The front page reads its order from here.
CREATE TABLE app.show_places (
  show_id bigint PRIMARY KEY REFERENCES app.shows,
  score double precision NOT NULL,
  place integer NOT NULL,
  place_in_genre integer NOT NULL,
  place_in_country integer NOT NULL,
  place_before integer,
  reckoned_at timestamptz NOT NULL
);

CREATE TABLE app.thrones (
  throne_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  show_id bigint NOT NULL REFERENCES app.shows,
  account_id bigint NOT NULL REFERENCES app.accounts,
  coins bigint NOT NULL DEFAULT 0,
  falls_at timestamptz NOT NULL,
  standing boolean NOT NULL DEFAULT true
);

CREATE TABLE app.festivals (
  festival_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  country char(2),                                   -- none: everywhere
  weight integer NOT NULL DEFAULT 0,
  runs tstzrange NOT NULL,                           -- [first instant, last instant]
  look jsonb NOT NULL DEFAULT '{}',
  skins jsonb NOT NULL DEFAULT '[]',
  rewards jsonb NOT NULL DEFAULT '{}',
  running boolean NOT NULL DEFAULT false
);

CREATE TABLE app.gifts (
  gift_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  price integer NOT NULL,
  on_sale boolean NOT NULL DEFAULT false,
  all_year boolean NOT NULL DEFAULT false
);

CREATE TABLE app.festival_gifts (
  festival_id bigint NOT NULL REFERENCES app.festivals ON DELETE CASCADE,
  gift_id bigint NOT NULL REFERENCES app.gifts ON DELETE CASCADE,
  PRIMARY KEY (festival_id, gift_id)
);

CREATE TABLE app.karma (
  karma_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES app.accounts,
  reason text NOT NULL,
  points integer NOT NULL,
  given_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO app.vip_tiers (tier, label, price, days) VALUES
  (1, 'Bronze', 5000, 15), (2, 'Silver', 7000, 25), (3, 'Gold', 9000, 30),
  (4, 'Platinum', 15000, 60), (5, 'Diamond', 45000, 180);

INSERT INTO app.accounts (handle, vip_tier, vip_until, wallet_bonus, kyc, phone_confirmed_at, banned, joined_at) VALUES
  ('asha',   1, now() + interval '9 days',  70, 'passed', now() - interval '1 year', false, now() - interval '2 years'),
  ('bina',   5, now() + interval '90 days',  0, 'submitted', NULL, false, now() - interval '1 year'),
  ('chetan', 3, now() - interval '1 day',    0, 'none', NULL, false, now() - interval '1 year'),
  ('dipak',  2, now() + interval '9 days',   0, 'passed', NULL, true, now() - interval '1 year'),
  ('esha',   NULL, NULL,                     0, 'none', NULL, false, now() - interval '9 days');

INSERT INTO app.wallet_entries (account_id, kind, wallet, amount, note) VALUES
  (1, 'promotion', 'bonus', 70, 'welcome'), (1, 'gift_sent', 'coins', -10, 'rose');

INSERT INTO app.shows (host_id, title, state, genre, country, began_at, viewers, coins, engagement) VALUES
  (5, 'Morning raga', 'live', 'music', 'NP', now() - interval '1 hour', 900, 12000, 61.50),
  (2, 'Night talk',   'live', 'talk',  'AU', now() - interval '2 hours', 300, 16000, 20.00),
  (2, 'Old talk',     'ended', 'talk', 'AU', now() - interval '2 days', 0, 400, 10.00);

INSERT INTO app.thrones (show_id, account_id, coins, falls_at) VALUES
  (1, 1, 500, now() - interval '1 minute'), (2, 1, 800, now() + interval '1 day');

INSERT INTO app.festivals (name, country, weight, runs, look, running) VALUES
  ('Tihar', 'NP', 10, tstzrange(now() - interval '1 day', now() + interval '4 days', '[]'), '{"colors": {"primary": "#e07a1f"}}', false),
  ('Old fair', NULL, 1, tstzrange(now() - interval '9 days', now() - interval '2 days', '[]'), '{"colors": {"primary": "#6c757d"}}', true);

INSERT INTO app.gifts (name, price, on_sale, all_year) VALUES
  ('lamp', 50, false, false), ('fair ticket', 10, true, false), ('rose', 5, true, true);
INSERT INTO app.festival_gifts VALUES (1, 1), (2, 2);

INSERT INTO app.karma (account_id, reason, points) VALUES (1, 'praise', 450), (5, 'report_received', -20);
COMMIT;
