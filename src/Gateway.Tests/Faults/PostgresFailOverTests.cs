using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class PostgresFailOverTests(RealStores stores)
{
    [Fact]
    public async Task The_host_that_takes_writes_is_found_again_after_each_fail_over_F10()
    {
        await using var first = await PostgresServer.StartAsync();
        var database = PostgresTestDatabase.NameOf(await first.CreateDatabaseAsync());
        await using var second = await PostgresServer.StandbyOfAsync(first);
        var url = $"postgresql://postgres@127.0.0.1:{first.Port},127.0.0.1:{second.Port}/{database}";
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url));
        await stage.WarmUpAsync();
        var user = Fresh.User();
        await stage.LinkAsync(user);
        var stored = await stage.AccessTokenAsync(user);
        await Eventually.BecomesTrueAsync(() => second.IsInStepWithAsync(first), TimeSpan.FromSeconds(30), "the standby has the row");

        first.Kill();
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());
        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        await second.PromoteAsync();
        await SucceedsAsync(stage, state, code);
        Assert.Equal(stored, await stage.AccessTokenAsync(user));

        // The former primary comes back under the same address, and takes no writes.
        await first.ReturnAsStandbyOfAsync(second);
        for (var i = 0; i < 5; i++) await stage.LinkAsync(Fresh.User());

        // And back again.
        await Eventually.BecomesTrueAsync(() => first.IsInStepWithAsync(second), TimeSpan.FromSeconds(30), "the standby has all rows");
        second.Kill();
        await first.PromoteAsync();
        await SucceedsAsync(stage, await stage.StateAsync(Fresh.User()), Fresh.Code());
        Assert.Equal(stored, await stage.AccessTokenAsync(user));
    }

    [Fact]
    public async Task A_database_that_stops_taking_writes_under_open_connections_costs_neither_state_nor_code_F10()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), database));
        await stage.WarmUpAsync();
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        await SetReadOnlyAsync(postgres, true);
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(await stage.StateAsync(Fresh.User()), Fresh.Code())
                == CallbackRedirect.Failure("temporarily_unavailable"), TimeSpan.FromSeconds(30), "callbacks are turned away");
        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal(0, stage.Exchanges(code));

        await SetReadOnlyAsync(postgres, false);
        await SucceedsAsync(stage, state, code);
    }

    [Fact]
    public async Task Connections_that_stay_open_to_a_former_primary_are_given_up_when_it_refuses_the_first_write_F10()
    {
        await using var first = await PostgresServer.StartAsync();
        var database = PostgresTestDatabase.NameOf(await first.CreateDatabaseAsync());
        await using var second = await PostgresServer.StandbyOfAsync(first);
        // A pooler keeps its clients while the server behind it goes and comes back; an address that moves leads new ones alone to another.
        await using var pooler = await PgBouncer.StartAsync(first);
        await using var address = FaultProxy.Start(pooler.Port);
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(
            await stores.RedisAsync(), $"postgresql://postgres@127.0.0.1:{address.Port}/{database}?Connection%20Idle%20Lifetime=600"));
        await stage.WarmUpAsync();
        var users = Enumerable.Range(0, 8).Select(_ => Fresh.User()).ToArray();
        await Task.WhenAll(users.Select(stage.LinkAsync));
        await Eventually.BecomesTrueAsync(() => second.IsInStepWithAsync(first), TimeSpan.FromSeconds(30), "the standby has the rows");

        first.Kill();
        await second.PromoteAsync();
        await first.ReturnAsStandbyOfAsync(second);
        address.Target = second.Port;
        Assert.NotEqual(0, address.Connections);

        // A refresh reads the row, which a standby answers, before it writes.
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var answer =
                    await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{users[0]}/access-token?rejected_version=1");
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(30),
            "a token is refreshed");
        Assert.Equal(2, (await stage.ConnectionAsync(users[0]))!.Version);
        foreach (var user in users) await stage.LinkAsync(user);
        // A refresh that is cancelled by its own limit on a busy machine ends its connection, and the next one leads to the new primary.
        Assert.SkipWhen(address.FromServer.Seen("25006") == 0, "The open connections had ended before anything was written on them.");
    }

    private static async Task SetReadOnlyAsync(PostgresServer postgres, bool readOnly)
    {
        var server = postgres.ConnectionString("postgres");
        await using var connection = await PostgresTestDatabase.OpenAsync(server);
        foreach (var sql in new[]
        {
            "SET default_transaction_read_only = off", $"ALTER SYSTEM SET default_transaction_read_only = {(readOnly ? "on" : "off")}",
            "SELECT pg_reload_conf()"
        })
        {
#pragma warning disable CA2100 // The test writes its SQL itself.
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }

    private static Task SucceedsAsync(Stage stage, string state, string code) => Eventually.BecomesTrueAsync(
        async () => await stage.LandAsync(state, code) == CallbackRedirect.Success, TimeSpan.FromSeconds(30), "the same callback succeeds");
}
