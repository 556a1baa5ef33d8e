-- Since when the provider refuses a refresh without a final word, how often, and when the next may be sent; and the last three refreshes
-- that callers have forced.
ALTER TABLE fathom_connections
    ADD COLUMN refused_since         timestamptz,
    ADD COLUMN refusals              bigint NOT NULL DEFAULT 0,
    ADD COLUMN retry_at              timestamptz,
    ADD COLUMN last_forced_at        timestamptz,
    ADD COLUMN second_last_forced_at timestamptz,
    ADD COLUMN third_last_forced_at  timestamptz;
-- A row for each code that is sent to the provider, and one more for each that it refuses: who brings made-up codes waits, not the others.
CREATE TABLE fathom_exchanges (
    user_id   text COLLATE "C" NOT NULL,
    called_at timestamptz      NOT NULL,
    refused   boolean          NOT NULL
);
CREATE INDEX fathom_exchanges_user ON fathom_exchanges (user_id, called_at);
