-- Refreshing by lease: who refreshes now, until when by this database's clock, and why a connection can be refreshed no more.
ALTER TABLE fathom_connections
    ADD COLUMN issued_at        timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN lease_owner      uuid,
    ADD COLUMN lease_until      timestamptz,
    ADD COLUMN reconnect_reason text,
    ADD COLUMN reconnect_at     timestamptz;
UPDATE fathom_connections SET issued_at = updated_at;
