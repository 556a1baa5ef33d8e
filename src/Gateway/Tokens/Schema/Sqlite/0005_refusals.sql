-- Since when the provider refuses a refresh without a final word, how often, and when the next may be sent; and the last three refreshes
-- that callers have forced.
ALTER TABLE fathom_connections ADD COLUMN refused_since INTEGER;
ALTER TABLE fathom_connections ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE fathom_connections ADD COLUMN retry_at INTEGER;
ALTER TABLE fathom_connections ADD COLUMN last_forced_at INTEGER;
ALTER TABLE fathom_connections ADD COLUMN second_last_forced_at INTEGER;
ALTER TABLE fathom_connections ADD COLUMN third_last_forced_at INTEGER;
-- A row for each code that is sent to the provider, and one more for each that it refuses: who brings made-up codes waits, not the others.
CREATE TABLE fathom_exchanges (
    user_id   TEXT    NOT NULL,
    called_at INTEGER NOT NULL,
    refused   INTEGER NOT NULL
) STRICT;
CREATE INDEX fathom_exchanges_user ON fathom_exchanges (user_id, called_at);
