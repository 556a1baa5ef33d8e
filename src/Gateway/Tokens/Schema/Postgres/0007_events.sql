-- The outbox: one row an event, written in the transaction of the change that it tells of. seq is the order.
CREATE TABLE fathom_events (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    suffix       text             NOT NULL,
    user_id      text COLLATE "C" NOT NULL,
    type         text             NOT NULL,
    version      bigint           NOT NULL,
    scope        text,
    reason       text,
    created_at   timestamptz      NOT NULL,
    attempts     bigint           NOT NULL DEFAULT 0,
    last_result  text,
    delivered_at timestamptz,
    rested_at    timestamptz
);
-- An event waits while it is neither delivered nor rested: each user's first one, and the oldest of all.
CREATE INDEX fathom_events_waiting ON fathom_events (user_id, seq) WHERE delivered_at IS NULL AND rested_at IS NULL;
CREATE INDEX fathom_events_oldest ON fathom_events (created_at) WHERE delivered_at IS NULL AND rested_at IS NULL;
CREATE INDEX fathom_events_delivered ON fathom_events (delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX fathom_events_rested ON fathom_events (rested_at) WHERE rested_at IS NOT NULL;
-- One row for each user who has events that wait. While a replica delivers, due_at is the end of its lease.
CREATE TABLE fathom_event_queues (
    user_id     text COLLATE "C" PRIMARY KEY,
    due_at      timestamptz NOT NULL,
    lease_owner uuid
);
CREATE INDEX fathom_event_queues_due ON fathom_event_queues (due_at);
-- Closed to everybody but the owner, as the tables before.
DO $$
DECLARE
    name text;
    grantee text;
BEGIN
    FOREACH name IN ARRAY ARRAY['fathom_events', 'fathom_event_queues'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        FOR grantee IN
            SELECT DISTINCT CASE grants.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grants.grantee)) END
            FROM pg_class AS tables, aclexplode(tables.relacl) AS grants
            WHERE tables.oid = to_regclass(name) AND grants.grantee <> tables.relowner
        LOOP
            EXECUTE format('REVOKE ALL ON %I FROM %s CASCADE', name, grantee);
        END LOOP;
    END LOOP;
END
$$;
