-- What countries wear, as clients are told, and which festivals somebody has changed.

-- The theme document of each version of a country's theme: the newest ones, so that who is a little
-- behind still finds his. `version` is that of `themes`; a country without any wears GLOBAL's.
CREATE TABLE theme_documents (
  country TEXT NOT NULL,
  version {integer} NOT NULL,
  document TEXT NOT NULL,                    -- JSON, as it is served
  valid_until {instant},                     -- NULL: nothing that is planned will change it
  made_at {instant} NOT NULL,
  PRIMARY KEY (country, version)
){table_end};

-- Festivals that were changed and not looked at since; one that was deleted may stand here too. Who
-- changes a festival writes here first and then to the festival, in one transaction: festival-activation
-- takes what stands here away before it reads festivals, so it misses none.
CREATE TABLE festival_edits (
  festival_id {integer} NOT NULL PRIMARY KEY,
  at {instant} NOT NULL
){table_end};
