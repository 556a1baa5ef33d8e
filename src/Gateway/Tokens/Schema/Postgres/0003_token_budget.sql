-- Calls of the token endpoint in the last minute, by this database's clock: all replicas share one budget at the provider.
CREATE TABLE fathom_token_calls (
    called_at timestamptz NOT NULL
);
-- One row. Its lock puts the replicas in a line; paused_until is the pause that a 429 of the provider's asks of the whole app.
CREATE TABLE fathom_token_pause (
    only_row     boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    paused_until timestamptz NOT NULL
);
INSERT INTO fathom_token_pause (paused_until) VALUES (now());
