-- The platform's own tables: users and their money, thrones, festivals, streams, trust.
--
-- Money is whole coins, local dates are text YYYY-MM-DD, booleans are 0 and 1, JSON is text. Foreign
-- keys stand where the referring key is indexed anyway; the large append-only tables have none,
-- `doctor` checks them as sets instead.

CREATE TABLE {platform}users (
  id {identity},
  username TEXT NOT NULL UNIQUE CHECK (username <> ''),
  og_level {integer} NOT NULL DEFAULT 0 CHECK (og_level BETWEEN 0 AND 5),
  og_expires_at {instant},
  coin_balance {integer} NOT NULL DEFAULT 0 CHECK (coin_balance >= 0),
  -- Cannot be spent. Always the sum of the user's completed transactions in currency 'bonus'.
  bonus_balance {integer} NOT NULL DEFAULT 0 CHECK (bonus_balance >= 0),
  kyc_status TEXT NOT NULL DEFAULT 'pending'
    CHECK (kyc_status IN ('pending', 'verified', 'rejected')),
  phone_verified {integer} NOT NULL DEFAULT 0 CHECK (phone_verified IN (0, 1)),
  email_verified {integer} NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1)),
  social_connected {integer} NOT NULL DEFAULT 0 CHECK (social_connected IN (0, 1)),
  is_banned {integer} NOT NULL DEFAULT 0 CHECK (is_banned IN (0, 1)),
  country TEXT NOT NULL CHECK (length(country) = 2),
  followers {integer} NOT NULL DEFAULT 0 CHECK (followers >= 0),
  -- The latest local date whose OG bonus was paid.
  last_bonus_date TEXT CHECK (length(last_bonus_date) = 10),
  created_at {instant} NOT NULL
){roomy_end};

-- Scores change often and users rarely, so they lie apart, in few bytes.
CREATE TABLE {platform}user_trust (
  user_id {integer} PRIMARY KEY REFERENCES {platform}users (id),
  score {real} NOT NULL DEFAULT 0 CHECK (score BETWEEN 0 AND 100),
  level TEXT NOT NULL DEFAULT 'low' CHECK (level IN ('low', 'medium', 'high', 'verified')),
  factors TEXT NOT NULL DEFAULT '{}',
  -- The sum of deltas up to event id `watermark`; where old events fade, as it was at `summed_at`.
  running_sum {real} NOT NULL DEFAULT 0,
  watermark {integer} NOT NULL DEFAULT 0,
  summed_at {instant} NOT NULL
){keyed_end};

CREATE TABLE {platform}og_tiers (
  tier {integer} PRIMARY KEY CHECK (tier BETWEEN 1 AND 5),
  name TEXT NOT NULL UNIQUE,
  price_coins {integer} NOT NULL CHECK (price_coins >= 0),
  duration_days {integer} NOT NULL CHECK (duration_days >= 1),
  is_active {integer} NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
){table_end};

-- Append-only. `amount` is signed: what it added to the balance in its currency.
CREATE TABLE {platform}transactions (
  id {identity},
  user_id {integer} NOT NULL,
  type TEXT NOT NULL CHECK (type <> ''),
  amount {integer} NOT NULL,
  currency TEXT NOT NULL CHECK (currency IN ('coins', 'bonus')),
  status TEXT NOT NULL CHECK (status IN ('completed', 'pending', 'failed')),
  description TEXT NOT NULL DEFAULT '',
  bonus_date TEXT CHECK (length(bonus_date) = 10),
  execution_id TEXT,
  metadata TEXT,
  created_at {instant} NOT NULL,
  CHECK ((type = 'og_bonus') = (bonus_date IS NOT NULL)),
  CHECK (type <> 'og_bonus' OR (currency = 'bonus' AND amount > 0))
){table_end};

-- Nobody is paid twice for one date, whatever the code does. Date first: a day's rows are then
-- added at the index's end.
CREATE UNIQUE INDEX transactions_bonus ON {platform}transactions (bonus_date, user_id)
  WHERE bonus_date IS NOT NULL;
CREATE INDEX transactions_gifts ON {platform}transactions (user_id) WHERE type = 'gift_sent';

CREATE TABLE {platform}streams (
  id {identity},
  host_id {integer} NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('preparing', 'live', 'ended', 'banned')),
  category TEXT NOT NULL CHECK (category <> ''),
  country TEXT NOT NULL CHECK (length(country) = 2),
  started_at {instant} NOT NULL,
  current_viewers {integer} NOT NULL DEFAULT 0 CHECK (current_viewers >= 0),
  total_coins {integer} NOT NULL DEFAULT 0 CHECK (total_coins >= 0),
  engagement_rate {real} NOT NULL DEFAULT 0 CHECK (engagement_rate BETWEEN 0 AND 100)
){table_end};

CREATE INDEX streams_live ON {platform}streams (id) WHERE status = 'live';
CREATE INDEX streams_by_host ON {platform}streams (host_id);

-- Only streams that are live have a rank.
CREATE TABLE {platform}stream_ranks (
  stream_id {integer} PRIMARY KEY REFERENCES {platform}streams (id),
  engagement_score {real} NOT NULL CHECK (engagement_score BETWEEN 0 AND 100),
  rank_overall {integer} NOT NULL CHECK (rank_overall >= 1),
  rank_in_category {integer} NOT NULL CHECK (rank_in_category >= 1),
  rank_in_country {integer} NOT NULL CHECK (rank_in_country >= 1),
  -- The overall rank before this one; none for a stream that had none.
  previous_rank {integer} CHECK (previous_rank >= 1),
  computed_at {instant} NOT NULL
){keyed_end};

CREATE TABLE {platform}thrones (
  id {identity},
  stream_id {integer} NOT NULL,
  user_id {integer} NOT NULL,
  username TEXT NOT NULL,
  og_level {integer} NOT NULL DEFAULT 0 CHECK (og_level BETWEEN 0 AND 5),
  total_gifts {integer} NOT NULL DEFAULT 0 CHECK (total_gifts >= 0),
  total_coins {integer} NOT NULL DEFAULT 0 CHECK (total_coins >= 0),
  claimed_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,
  is_active {integer} NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
){table_end};

-- What stands, in the order of its end: asking whether anything is due costs microseconds.
CREATE INDEX thrones_due ON {platform}thrones (expires_at{and_id}) WHERE is_active = 1;

CREATE TABLE {platform}festivals (
  id {identity},
  name TEXT NOT NULL CHECK (name <> ''),
  type TEXT NOT NULL CHECK (type IN ('seasonal', 'cultural', 'special', 'anniversary')),
  country TEXT NOT NULL CHECK (country = 'GLOBAL' OR length(country) = 2),
  priority {integer} NOT NULL DEFAULT 0,
  starts_at {instant} NOT NULL,
  ends_at {instant} NOT NULL,
  is_active {integer} NOT NULL DEFAULT 0 CHECK (is_active IN (0, 1)),
  theme TEXT NOT NULL DEFAULT '{}',
  skins TEXT NOT NULL DEFAULT '[]',
  bonuses TEXT NOT NULL DEFAULT '{}',
  CHECK (starts_at <= ends_at)
){table_end};

CREATE TABLE {platform}gifts (
  id {identity},
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  price_coins {integer} NOT NULL CHECK (price_coins >= 0),
  is_active {integer} NOT NULL DEFAULT 0 CHECK (is_active IN (0, 1)),
  always_available {integer} NOT NULL DEFAULT 0 CHECK (always_available IN (0, 1))
){table_end};

CREATE TABLE {platform}festival_gifts (
  festival_id {integer} NOT NULL REFERENCES {platform}festivals (id) ON DELETE CASCADE,
  gift_id {integer} NOT NULL REFERENCES {platform}gifts (id) ON DELETE CASCADE,
  PRIMARY KEY (festival_id, gift_id)
){keyed_end};

CREATE INDEX festival_gifts_by_gift ON {platform}festival_gifts (gift_id);

-- The theme each country sees now; `version` grows with each change, so that a client knows the
-- newer of two. No row: the default theme, never changed.
CREATE TABLE {platform}themes (
  country TEXT PRIMARY KEY CHECK (country = 'GLOBAL' OR length(country) = 2),
  version {integer} NOT NULL CHECK (version >= 1),
  -- None: the default theme.
  festival_id {integer},
  theme TEXT NOT NULL,
  changed_at {instant} NOT NULL
){keyed_end};

CREATE TABLE {platform}reputation_events (
  id {identity},
  user_id {integer} NOT NULL,
  type TEXT NOT NULL CHECK (type <> ''),
  delta {integer} NOT NULL,
  created_at {instant} NOT NULL
){table_end};

-- Sums one user's deltas up to an event without touching the table.
CREATE INDEX reputation_by_user ON {platform}reputation_events (user_id, delta{and_id});
CREATE INDEX reputation_reports ON {platform}reputation_events (user_id) WHERE type = 'report_received';
