-- One row a user. Tokens are stored encrypted only: v1:<kid>:base64(nonce, ciphertext, tag).
-- Times are milliseconds since 1970-01-01 UTC: SQLite has no type for them.
CREATE TABLE fathom_connections (
    user_id       TEXT PRIMARY KEY,
    grant_id      TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    access_token  TEXT    NOT NULL,
    refresh_token TEXT,
    scope         TEXT,
    connected_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
