-- The outbox: one row an event, written in the transaction of the change that it tells of. seq is the order, and is never used twice.
CREATE TABLE fathom_events (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    suffix       TEXT    NOT NULL,
    user_id      TEXT    NOT NULL,
    type         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    scope        TEXT,
    reason       TEXT,
    created_at   INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    last_result  TEXT,
    delivered_at INTEGER,
    rested_at    INTEGER
) STRICT;
-- An event waits while it is neither delivered nor rested: each user's first one, and the oldest of all.
CREATE INDEX fathom_events_waiting ON fathom_events (user_id, seq) WHERE delivered_at IS NULL AND rested_at IS NULL;
CREATE INDEX fathom_events_oldest ON fathom_events (created_at) WHERE delivered_at IS NULL AND rested_at IS NULL;
CREATE INDEX fathom_events_delivered ON fathom_events (delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX fathom_events_rested ON fathom_events (rested_at) WHERE rested_at IS NOT NULL;
-- One row for each user who has events that wait. While they are delivered, due_at is the end of the lease.
CREATE TABLE fathom_event_queues (
    user_id     TEXT PRIMARY KEY,
    due_at      INTEGER NOT NULL,
    lease_owner TEXT
) STRICT;
CREATE INDEX fathom_event_queues_due ON fathom_event_queues (due_at);
