using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Releases;

/// <summary>Rows that another release has written, and a database that the next one has enlarged.</summary>
public sealed class OtherReleaseRowTests(RealStores stores)
{
    /// <summary>The times of a row that was written a minute ago, in the words of the two kinds.</summary>
    private const string PostgresTimes =
        "now() - interval '1 minute', now() + interval '59 minutes', now() - interval '1 minute', now() - interval '1 minute'";
    private const string SqliteTimes =
        "(unixepoch() - 60) * 1000, (unixepoch() + 3540) * 1000, (unixepoch() - 60) * 1000, (unixepoch() - 60) * 1000";

    [Theory]
    [MemberData(nameof(TokenDatabase.Both), MemberType = typeof(TokenDatabase))]
    public async Task A_row_of_0_1_0_is_read_refreshed_and_replaced_F17(string kind)
    {
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var stage = await StageAsync(database);
        var times = kind == TokenDatabase.Sqlite ? SqliteTimes : PostgresTimes;
        await database.ExecuteAsync($"""
            INSERT INTO fathom_connections
                (user_id, grant_id, version, access_token, refresh_token, scope, connected_at, expires_at, updated_at, issued_at)
            VALUES
                ('{Release010Data.User}', '{Release010Data.Grant}', 3, '{Release010Data.SealedAccess}', '{Release010Data.SealedRefresh}',
                 '{Release010Data.Scope}', {times})
            """);

        var token = await stage.Gateway.TokenAsync(Release010Data.User);
        Assert.Equal((Release010Data.Access, 3L), (token.GetProperty("access_token").GetString(), token.GetProperty("version").GetInt64()));
        Assert.Equal(4L, (await stage.Gateway.TokenAsync(Release010Data.User, "?rejected_version=3")).GetProperty("version").GetInt64());
        Assert.Equal(Release010Data.Refresh, stage.Provider.TokenRequests[^1].RefreshToken);

        await database.ExecuteAsync(
            $"UPDATE fathom_connections SET reconnect_reason = '{NextReleaseData.ReconnectReason}', reconnect_at = issued_at");
        using var refused = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{Release010Data.User}/access-token");
        await InternalCalls.IsProblemAsync(refused, HttpStatusCode.Conflict, "reconnect_required");
        await stage.LinkAsync(Release010Data.User);
        Assert.Equal(5L, (await stage.Gateway.TokenAsync(Release010Data.User)).GetProperty("version").GetInt64());
    }

    [Theory]
    [MemberData(nameof(TokenDatabase.Both), MemberType = typeof(TokenDatabase))]
    public async Task A_database_that_the_next_release_has_enlarged_serves_this_one_F17(string kind)
    {
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using (var before = await StageAsync(database)) await before.LinkAsync(Release010Data.User);
        // The deploy that is rolled back: its script has run, and is noted down.
        foreach (var statement in new[]
        {
            "ALTER TABLE fathom_connections ADD COLUMN region text",
            "ALTER TABLE fathom_connections ADD COLUMN uses integer NOT NULL DEFAULT 0",
            "CREATE TABLE fathom_next (id integer PRIMARY KEY)",
            "INSERT INTO fathom_schema (scriptname, applied) VALUES "
                + $"('FathomGateway.Tokens.Schema.{(kind == TokenDatabase.Sqlite ? "Sqlite" : "Postgres")}.9999_next.sql', "
                + "CURRENT_TIMESTAMP)",
        }) await database.ExecuteAsync(statement);

        await using var stage = await StageAsync(database);

        Assert.Equal(1L, (await stage.Gateway.TokenAsync(Release010Data.User)).GetProperty("version").GetInt64());
        Assert.Equal(2L, (await stage.Gateway.TokenAsync(Release010Data.User, "?rejected_version=1")).GetProperty("version").GetInt64());
        await stage.LinkAsync(Fresh.User());
        using var deleted = await stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{Release010Data.User}");
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
    }

    private async Task<Stage> StageAsync(TokenDatabase database)
    {
        var stage = await Stage.StartAsync(database.Url is null
            ? TestSettings.Embedded(("DATA_DIR", database.Folder), ("TOKEN_ENCRYPTION_KEYS", Release010Data.Keys))
            : TestSettings.OnRealStores(await stores.RedisAsync(), database.Url, ("TOKEN_ENCRYPTION_KEYS", Release010Data.Keys)));
        // The schema is made in the background.
        await Faults.ProcessClientSteps.WarmUpAsync(stage);
        return stage;
    }
}
