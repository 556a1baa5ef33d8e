using FathomGateway.Tests.Kit;
using Npgsql;

namespace FathomGateway.Tests.Events;

/// <summary>Records each change of a connection by a trigger in PostgreSQL, to compare with the events.</summary>
internal static class RecordedChanges
{
    private const string Trigger = """
        CREATE TABLE recorded_changes (id bigint GENERATED ALWAYS AS IDENTITY, user_id text, type text);
        CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            kind text := CASE
                WHEN TG_OP = 'INSERT' THEN 'connection.connected'
                WHEN TG_OP = 'DELETE' THEN 'connection.disconnected'
                WHEN NEW.grant_id <> OLD.grant_id THEN 'connection.reconnected'
                WHEN OLD.reconnect_reason IS NULL AND NEW.reconnect_reason IS NOT NULL THEN 'connection.reconnect_required'
                WHEN OLD.reconnect_reason IS NOT NULL AND NEW.reconnect_reason IS NULL THEN 'connection.recovered' END;
        BEGIN
            IF kind IS NOT NULL THEN
                INSERT INTO recorded_changes (user_id, type) VALUES (COALESCE(NEW.user_id, OLD.user_id), kind);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON fathom_connections FOR EACH ROW EXECUTE FUNCTION record_change();
        """;

    /// <summary>Users whose events are not those of their changes, in their order.</summary>
    private const string Differences = """
        SELECT user_id || ' changed: ' || COALESCE(changes.types, 'nothing') || '; was told of: ' || COALESCE(events.types, 'nothing')
        FROM (SELECT user_id, string_agg(type, ', ' ORDER BY id) AS types FROM recorded_changes GROUP BY user_id) AS changes
        FULL JOIN (SELECT user_id, string_agg(type, ', ' ORDER BY seq) AS types FROM fathom_events GROUP BY user_id) AS events
            USING (user_id)
        WHERE changes.types IS DISTINCT FROM events.types
        """;

    /// <summary>The schema has to be there, and nobody connected yet.</summary>
    public static Task BeginAsync(string database) => PostgresTestDatabase.QueryAsync(database, Trigger);

    public static Task<IReadOnlyList<string>> DifferencesAsync(string database) => ListAsync(database, Differences);

    /// <summary>The ids of all events, each with its user's, in order.</summary>
    public static Task<IReadOnlyList<string>> EventsAsync(string database) =>
        ListAsync(database, "SELECT user_id || ' evt_' || seq || '_' || suffix FROM fathom_events ORDER BY seq");

    private static async Task<IReadOnlyList<string>> ListAsync(string database, string sql)
    {
        await using var connection = await PostgresTestDatabase.OpenAsync(database);
#pragma warning disable CA2100 // The test writes its SQL itself.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
