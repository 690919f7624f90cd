-- What the rules saw in the last pass, as JSON: [{"rule", "job", "about", "value"}].
ALTER TABLE alert_turn ADD COLUMN looks TEXT;
