using FathomGateway.Tests.Cli;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>Rights that the user of DATABASE_URL lacks, and rights that no other user may have.</summary>
[Trait("Speed", "Slow")]
public sealed class PostgresRightsTests(RealStores stores)
{
    private const string Right = "SELECT, INSERT, UPDATE, DELETE";

    public static TheoryData<string, string> Rights => new()
    {
        { "INSERT", "fathom_connections" },
        { "UPDATE", "fathom_connections" },
        { "DELETE", "fathom_connections" },
        { "SELECT", "fathom_disconnects" },
        { "INSERT", "fathom_token_calls" },
        { "UPDATE", "fathom_token_pause" },
        { "INSERT", "fathom_exchanges" },
        { Right, "fathom_disconnects" },
    };

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task A_missing_database_right_is_found_before_the_code_is_spent_and_named(string right, string table)
    {
        await using var postgres = await PostgresServer.StartAsync();
        var url = await postgres.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(url, "CREATE USER ann; GRANT CREATE ON SCHEMA public TO ann");
        var asAnn = url.Replace("//postgres@", "//ann@", StringComparison.Ordinal);
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), asAnn));
        await stage.WarmUpAsync();
        await PostgresTestDatabase.QueryAsync(url, $"REVOKE {right} ON {table} FROM ann");
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));

        Assert.Equal(0, stage.Exchanges(code));
        await Examination.FindsAsync(
            "postgres",
            TestSettings.OnRealStores("redis://127.0.0.1:9", asAnn),
            HealthStatus.Unhealthy,
            [$"on {table}", .. right.Split(", ")]);
        await PostgresTestDatabase.QueryAsync(url, $"GRANT {right} ON {table} TO ann");
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(state, code) == CallbackRedirect.Success, TimeSpan.FromSeconds(60), "the user is connected");
    }

    [Fact]
    public async Task Tables_are_closed_to_roles_that_the_host_grants_everything_by_default()
    {
        var url = await stores.NewDatabaseAsync();
        var anon = $"anon_{Guid.NewGuid():n}";
        await PostgresTestDatabase.QueryAsync(
            url, $"CREATE ROLE {anon}; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO {anon}");
        await Examination.FindsAsync(
            "postgres", TestSettings.OnRealStores("redis://127.0.0.1:9", url), HealthStatus.Healthy,
            $"schema {SchemaScripts.Count("Postgres")} of {SchemaScripts.Count("Postgres")}");

        Assert.Equal(0L, await PostgresTestDatabase.QueryAsync(
            url,
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'fathom%' AND relkind = 'r' AND (NOT relrowsecurity OR "
                + $"has_table_privilege('{anon}', oid, 'SELECT'))"));
        Assert.Equal(
            8L, await PostgresTestDatabase.QueryAsync(url, "SELECT count(*) FROM pg_class WHERE relname LIKE 'fathom%' AND relkind = 'r'"));

        // Also for the gateway's user every row is hidden then, and the doctor reports it.
        await PostgresTestDatabase.QueryAsync(
            url, $"GRANT ALL ON ALL TABLES IN SCHEMA public TO {anon}; INSERT INTO fathom_token_calls VALUES (now())");
        Assert.Equal(0L, await PostgresTestDatabase.QueryAsync(url, $"SET ROLE {anon}; SELECT count(*) FROM fathom_token_calls"));
        await Examination.FindsAsync(
            "postgres",
            TestSettings.OnRealStores("redis://127.0.0.1:9", url),
            HealthStatus.Degraded,
            $"{anon} on fathom_connections",
            "REVOKE");
    }

    [Fact]
    public async Task A_table_that_was_dropped_is_found_before_the_code_is_spent()
    {
        var url = await stores.NewDatabaseAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url));
        await stage.WarmUpAsync();
        await PostgresTestDatabase.QueryAsync(url, "DROP TABLE fathom_disconnects");
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));

        Assert.Equal(0, stage.Exchanges(code));
    }
}
