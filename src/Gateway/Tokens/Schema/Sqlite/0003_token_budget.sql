-- Calls of the token endpoint in the last minute, and the pause that a 429 of the provider's asks of the whole app (one row).
CREATE TABLE fathom_token_calls (
    called_at INTEGER NOT NULL
) STRICT;
CREATE TABLE fathom_token_pause (
    only_row     INTEGER PRIMARY KEY CHECK (only_row = 1),
    paused_until INTEGER NOT NULL
) STRICT;
INSERT INTO fathom_token_pause (only_row, paused_until) VALUES (1, 0);
