-- Hosts such as Supabase grant every new table to roles that anybody in a browser can act as. Row level security without a policy shows no
-- row to anybody but the owner, whatever is granted later; what has been granted is taken back. The tables are locked in the order in
-- which the gateway's own transactions lock them.
DO $$
DECLARE
    name text;
    grantee text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'fathom_token_pause', 'fathom_token_calls', 'fathom_exchanges', 'fathom_disconnects', 'fathom_connections', 'fathom_schema'] LOOP
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
