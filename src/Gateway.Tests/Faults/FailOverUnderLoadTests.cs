using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class FailOverUnderLoadTests(RealStores stores)
{
    [Fact]
    public async Task No_user_who_was_told_connected_is_missing_after_a_fail_over_under_load_F10()
    {
        await using var first = await PostgresServer.StartAsync();
        var database = PostgresTestDatabase.NameOf(await first.CreateDatabaseAsync());
        await using var second = await PostgresServer.StandbyOfAsync(first);
        // Without it, what was committed in the last moment may be lost with the primary: that is the operator's choice, and
        // docs/scaling.md says so.
        await first.CommitOnStandbyTooAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(
            await stores.RedisAsync(),
            $"postgresql://postgres@127.0.0.1:{first.Port},127.0.0.1:{second.Port}/{database}",
            ("FATHOM_TOKEN_BUDGET", "0")));
        await stage.WarmUpAsync();
        var issued = 0;
        stage.Provider.Answers(
            _ => Task.FromResult(TokenReply.Tokens($"access-{Interlocked.Increment(ref issued)}", $"refresh-{issued}", 1)));
        string[] refreshed = [Fresh.User(), Fresh.User()];
        foreach (var user in refreshed) await stage.LinkAsync(user);
        var load = new UsersUnderLoad(stage, refreshed);
        await load.SucceedsAsync(10, "before the fail-over");

        first.Kill();
        await second.PromoteAsync();
        await load.SucceedsAsync(10, "at the new primary");

        // The old one is at its address again, and takes no writes.
        await first.ReturnAsStandbyOfAsync(second);
        await load.SucceedsAsync(10, "beside the old one");
        await load.EndAsync();

        var rows = (string)(await PostgresTestDatabase.QueryAsync(
            second.ConnectionString(database), "SELECT string_agg(user_id || '=' || version, ',') FROM fathom_connections"))!;
        var versions = rows.Split(',')
            .Select(row => row.Split('='))
            .ToDictionary(row => row[0], row => long.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.All(load.Told, told => Assert.InRange(versions.GetValueOrDefault(told.Key), told.Value, long.MaxValue));
    }
}
