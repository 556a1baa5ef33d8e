using System.Globalization;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Leaks;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>Each step of a flow asks the stores and the provider as often as docs/scaling.md says, by what they were asked.</summary>
[Trait("Speed", "Slow")]
public sealed class ScalingCallsTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private PostgresServer _postgres = null!;
    private string _database = null!;
    private RedisMonitor _monitor = null!;
    private Stage _stage = null!;
    private int _redisBefore, _providerBefore;
    private long _databaseBefore;

    [Fact]
    public async Task Each_step_of_a_flow_calls_the_stores_as_often_as_the_scaling_page_says()
    {
        var user = Fresh.User();
        await _stage.Gateway.Client.GetAsync("anything");
        await CountsAsync("proxied request");

        var state = await _stage.StateAsync(user);
        await CountsAsync("`GET /fathom/connect`");

        Assert.Equal(CallbackRedirect.Success, await _stage.LandAsync(state, Fresh.Code()));
        await CountsAsync("`GET /fathom/callback`");

        var token = await _stage.Gateway.TokenAsync(user);
        await CountsAsync("`access-token`, still fresh");

        await _stage.Gateway.TokenAsync(user, $"?rejected_version={token.GetProperty("version").GetInt64()}");
        await CountsAsync("`access-token`, refreshed");

        using var relayed = await _stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings");
        await CountsAsync("relay");
    }

    public async ValueTask InitializeAsync()
    {
        (_redis, _postgres) =
            (await RedisServer.StartAsync(), await PostgresServer.StartAsync("shared_preload_libraries=pg_stat_statements"));
        _database = await _postgres.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(_database, "CREATE EXTENSION pg_stat_statements");
        _monitor = await RedisMonitor.StartAsync(_redis);
        _stage = await Stage.StartAsync(TestSettings.OnRealStores(_redis.ConnectionString, _database));
        await _stage.LinkAsync(Fresh.User());
        (_redisBefore, _databaseBefore, _providerBefore) = (Redis(), await DatabaseAsync(), Provider());
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        _monitor.Dispose();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>
    /// Holds what was counted since the last step against the document; a statement in the background is counted a moment later.
    /// </summary>
    private async Task CountsAsync(string step)
    {
        var said = new Document("docs/scaling.md").Text.Split($"| {step} | ")[1]
            .Split('\n')[0]
            .Split('|')
            .Take(3)
            .Select(cell => int.Parse(cell.Trim().Split(' ')[0], CultureInfo.InvariantCulture))
            .ToArray();
        int[] now = [];
        try
        {
            await Eventually.BecomesTrueAsync(
                async () => (now =
                [
                    Redis() - _redisBefore, (int)(await DatabaseAsync() - _databaseBefore), Provider() - _providerBefore
                ]).SequenceEqual(said), TimeSpan.FromSeconds(10), step);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{step}: the document says {string.Join(", ", said)}; counted were {string.Join(", ", now)}.");
        }

        (_redisBefore, _databaseBefore, _providerBefore) = (_redisBefore + now[0], _databaseBefore + now[1], _providerBefore + now[2]);
    }

    /// <summary>
    /// Commands about a user; what a script does inside of Redis is none of them, nor is the look after tokens that wait.
    /// </summary>
    private int Redis() => _monitor.Heard.Split('\n')
        .Count(line => line.Contains("fathom:{", StringComparison.Ordinal) && !line.Contains(" lua] ", StringComparison.Ordinal));

    private async Task<long> DatabaseAsync() => (long)(await PostgresTestDatabase.QueryAsync(
        _database,
        """
        SELECT COALESCE(sum(calls), 0)::bigint FROM pg_stat_statements
        WHERE (query ~ 'fathom_(connections|token_calls|token_pause|disconnects|exchanges)'
                OR query ~ 'pg_is_in_recovery|pg_advisory_xact_lock\(hashtext')
            AND query !~ 'pg_stat_statements|^SELECT count\(|^DELETE FROM fathom_(token_calls|exchanges|disconnects WHERE user_id IN)'
        """))!;

    private int Provider() => _stage.Provider.Server.LogEntries.Count;
}
