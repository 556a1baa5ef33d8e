-- Refreshing by lease: who refreshes now, until when, and why a connection can be refreshed no more.
ALTER TABLE fathom_connections ADD COLUMN issued_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE fathom_connections ADD COLUMN lease_owner TEXT;
ALTER TABLE fathom_connections ADD COLUMN lease_until INTEGER;
ALTER TABLE fathom_connections ADD COLUMN reconnect_reason TEXT;
ALTER TABLE fathom_connections ADD COLUMN reconnect_at INTEGER;
UPDATE fathom_connections SET issued_at = updated_at;
