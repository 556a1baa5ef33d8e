-- When a user last disconnected, remembered for as long as tokens that were issued before may still wait to be stored.
CREATE TABLE fathom_disconnects (
    user_id         text COLLATE "C" PRIMARY KEY,
    disconnected_at timestamptz NOT NULL
);
CREATE INDEX fathom_disconnects_at ON fathom_disconnects (disconnected_at);
