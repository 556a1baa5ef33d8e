using System.Text.Json;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary><c>--json</c> when the database fails between two pages.</summary>
[Trait("Speed", "Slow")]
public sealed class JsonListTests(RealStores stores)
{
    /// <summary>A program that reads the list must not take a part of it for the whole.</summary>
    [Theory]
    [InlineData("connections", "fathom_connections", "user_id", "2400", "version")]
    [InlineData("events", "fathom_events", "seq::text", "1500", "attempts")]
    public async Task A_JSON_list_that_is_cut_off_is_not_valid_JSON(string command, string table, string key, string last, string column)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await stage.Database.ExecuteAsync("""
            INSERT INTO fathom_connections (user_id, grant_id, version, access_token, connected_at, issued_at, expires_at, updated_at)
            SELECT number::text, gen_random_uuid(), 1, 'v1:k:AA==', now(), now(), now(), now() FROM generate_series(1000, 2500) AS number;
            INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
            SELECT '0a1b2c3d', number::text, 'connection.connected', 1, now() FROM generate_series(1, 1500) AS number
            """);
        var whole = await RunAsync(stage, 0, command);
        Assert.True(JsonElement.Parse(whole).GetArrayLength() >= 1500);

        // A view in place of the table: a row of the second page cannot be read.
        await stage.Database.ExecuteAsync($"""
            CREATE FUNCTION read_or_fail(value bigint, fails boolean) RETURNS bigint STABLE LANGUAGE plpgsql AS
                $$BEGIN IF fails THEN RAISE EXCEPTION 'a page is damaged'; END IF; RETURN value; END$$;
            ALTER TABLE {table} RENAME TO whole;
            DO $$BEGIN EXECUTE (
                SELECT 'CREATE VIEW {table} AS SELECT ' || string_agg(
                    CASE column_name WHEN '{column}' THEN 'read_or_fail({column}, {key} = ''{last}'') AS {column}' ELSE column_name END,
                    ', ' ORDER BY ordinal_position) || ' FROM whole'
                FROM information_schema.columns WHERE table_name = 'whole'); END$$
            """);
        var part = await RunAsync(stage, 1, command);

        Assert.InRange(part.Split('\n').Length, 1000, 1600);
        Assert.ThrowsAny<JsonException>(() => JsonElement.Parse(part));
    }

    private static async Task<string> RunAsync(EventStage stage, int exitCode, string command)
    {
        var (code, output, errors) = await GatewayProcess.RunAsync([command, "list", "--json"], stage.Settings);
        Assert.True(code == exitCode, $"{code}\n{errors}");
        return output;
    }
}
