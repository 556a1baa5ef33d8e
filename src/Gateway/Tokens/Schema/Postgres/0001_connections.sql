-- One row a user. Tokens are stored encrypted only: v1:<kid>:base64(nonce, ciphertext, tag).
CREATE TABLE fathom_connections (
    user_id       text COLLATE "C" PRIMARY KEY,
    grant_id      uuid        NOT NULL,
    version       bigint      NOT NULL,
    access_token  text        NOT NULL,
    refresh_token text,
    scope         text,
    connected_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
