using FathomGateway.Tests.Tokens.Refresh;

namespace FathomGateway.Tests.Events;

/// <summary>Records each change of a connection by triggers in the database, to compare with the events.</summary>
internal static class RecordedChanges
{
    private const string Connected = "'connection.connected'", Disconnected = "'connection.disconnected'";

    /// <summary>What an update changes; null for nothing that an event tells of.</summary>
    private const string KindOfUpdate = """
        CASE
            WHEN NEW.grant_id <> OLD.grant_id THEN 'connection.reconnected'
            WHEN OLD.reconnect_reason IS NULL AND NEW.reconnect_reason IS NOT NULL THEN 'connection.reconnect_required'
            WHEN OLD.reconnect_reason IS NOT NULL AND NEW.reconnect_reason IS NULL THEN 'connection.recovered' END
        """;

    private const string PostgresTrigger = $"""
        CREATE TABLE recorded_changes (id bigint GENERATED ALWAYS AS IDENTITY, user_id text, type text);
        CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            kind text := CASE TG_OP WHEN 'INSERT' THEN {Connected} WHEN 'DELETE' THEN {Disconnected} ELSE {KindOfUpdate} END;
        BEGIN
            IF kind IS NOT NULL THEN
                INSERT INTO recorded_changes (user_id, type) VALUES (COALESCE(NEW.user_id, OLD.user_id), kind);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON fathom_connections FOR EACH ROW EXECUTE FUNCTION record_change();
        """;

    private const string SqliteTriggers = $"""
        CREATE TABLE recorded_changes (id INTEGER PRIMARY KEY, user_id TEXT, type TEXT);
        CREATE TRIGGER record_insert AFTER INSERT ON fathom_connections BEGIN
            INSERT INTO recorded_changes (user_id, type) VALUES (NEW.user_id, {Connected});
        END;
        CREATE TRIGGER record_delete AFTER DELETE ON fathom_connections BEGIN
            INSERT INTO recorded_changes (user_id, type) VALUES (OLD.user_id, {Disconnected});
        END;
        CREATE TRIGGER record_update AFTER UPDATE ON fathom_connections BEGIN
            INSERT INTO recorded_changes (user_id, type)
            SELECT NEW.user_id, kind FROM (SELECT {KindOfUpdate} AS kind) WHERE kind IS NOT NULL;
        END;
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
    public static Task BeginAsync(TokenDatabase database) => database.ExecuteAsync(database.Url is null ? SqliteTriggers : PostgresTrigger);

    public static Task<IReadOnlyList<string>> DifferencesAsync(TokenDatabase database) => ListAsync(database, Differences);

    /// <summary>The ids of all events, each with its user's, in order.</summary>
    public static Task<IReadOnlyList<string>> EventsAsync(TokenDatabase database) =>
        ListAsync(database, "SELECT user_id || ' evt_' || seq || '_' || suffix FROM fathom_events ORDER BY seq");

    private static async Task<IReadOnlyList<string>> ListAsync(TokenDatabase database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test writes its SQL itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
