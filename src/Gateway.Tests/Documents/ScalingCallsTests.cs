using System.Globalization;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Leaks;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>Each step of a flow asks the stores and the provider as often as docs/scaling.md says, by what they were asked.</summary>
[Trait("Speed", "Slow")]
public sealed class ScalingCallsTests : IAsyncLifetime
{
    /// <summary>Statements about connections, and those that write an event.</summary>
    private const string Changes = """
        (query ~ 'fathom_(connections|token_calls|token_pause|disconnects|exchanges)|^INSERT INTO fathom_event'
            OR query ~ 'pg_is_in_recovery|pg_advisory_xact_lock\(hashtext')
        AND query !~ 'pg_stat_statements|^SELECT count\(|^DELETE FROM fathom_(token_calls|exchanges|disconnects WHERE user_id IN)'
        """;

    /// <summary>Statements that deliver an event. The look for due events, the metrics and the sweep run without one, too.</summary>
    private const string Deliveries = """
        query ~ 'fathom_event' AND query !~ 'pg_stat_statements|pg_is_in_recovery|^INSERT INTO fathom_event|^SELECT (\(SELECT )?count\('
        AND query !~ '^DELETE FROM fathom_events|^UPDATE fathom_events SET rested_at|^SELECT user_id FROM \(|^SELECT \(SELECT min'
        """;

    private readonly EventReceiver _receiver = EventReceiver.Start();
    private readonly Dictionary<string, long> _statementsBefore = [];
    private RedisServer _redis = null!;
    private PostgresServer _postgres = null!;
    private string _database = null!;
    private RedisMonitor _monitor = null!;
    private Stage _stage = null!;
    private bool _withEvents;
    private int _redisBefore, _providerBefore;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_step_of_a_flow_calls_the_stores_as_often_as_the_scaling_page_says(bool withEvents)
    {
        await StartAsync(withEvents);
        var user = Fresh.User();
        await _stage.Gateway.Client.GetAsync("anything");
        await CountsAsync("proxied request");

        var state = await _stage.StateAsync(user);
        await CountsAsync("`GET /fathom/connect`");

        Assert.Equal(CallbackRedirect.Success, await _stage.LandAsync(state, Fresh.Code()));
        await CountsAsync("`GET /fathom/callback`");
        await CountsAsync("delivery of an event", Deliveries);

        var token = await _stage.Gateway.TokenAsync(user);
        await CountsAsync("`access-token`, still fresh");

        token = await _stage.Gateway.TokenAsync(user, $"?rejected_version={token.GetProperty("version").GetInt64()}");
        await CountsAsync("`access-token`, refreshed");

        using var relayed = await _stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings");
        await CountsAsync("relay");

        _stage.Provider.AnswersNext(TokenReply.Refusal("invalid_grant"));
        var forced = $"connections/{user}/access-token?rejected_version={token.GetProperty("version").GetInt64()}";
        using var refused = await _stage.Gateway.InternalAsync(HttpMethod.Get, forced);
        Assert.Equal(409, (int)refused.StatusCode);
        await CountsAsync("`access-token`, refused for good");
        await CountsAsync("delivery of an event", Deliveries);

        using var ended = await _stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}");
        Assert.Equal(200, (int)ended.StatusCode);
        await CountsAsync("disconnect");
        await CountsAsync("delivery of an event", Deliveries);
    }

    public async ValueTask InitializeAsync()
    {
        (_redis, _postgres) =
            (await RedisServer.StartAsync(), await PostgresServer.StartAsync("shared_preload_libraries=pg_stat_statements"));
        _database = await _postgres.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(_database, "CREATE EXTENSION pg_stat_statements");
        _monitor = await RedisMonitor.StartAsync(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _receiver.DisposeAsync();
        _monitor.Dispose();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private async Task StartAsync(bool withEvents)
    {
        _withEvents = withEvents;
        (string Name, string? Value)[] events = withEvents ? _receiver.Settings : [];
        _stage = await Stage.StartAsync(TestSettings.OnRealStores(_redis.ConnectionString, _database, events));
        await _stage.LinkAsync(Fresh.User());
        await Eventually.BecomesTrueAsync(
            async () => (long)(await PostgresTestDatabase.QueryAsync(_database, "SELECT count(*) FROM fathom_event_queues"))! == 0,
            TimeSpan.FromSeconds(60),
            "the event is delivered");
        (_redisBefore, _providerBefore) = (Redis(), Provider());
        foreach (var kind in (string[])[Changes, Deliveries]) _statementsBefore[kind] = await StatementsAsync(kind);
    }

    /// <summary>
    /// Holds what was counted since the last step against the document; a statement in the background is counted a moment later.
    /// </summary>
    private async Task CountsAsync(string step, string statements = Changes)
    {
        var cells = new Document("docs/scaling.md").Text.Split($"| {step} | ")[1]
            .Split('\n')[0]
            .Split('|')
            .Take(4)
            .Select(cell => int.Parse(cell.Trim().Split(' ')[0], CultureInfo.InvariantCulture))
            .ToArray();
        int[] said = [cells[0], cells[_withEvents ? 2 : 1], cells[3]], now = [];
        try
        {
            await Eventually.BecomesTrueAsync(
                async () => (now =
                [
                    Redis() - _redisBefore,
                    (int)(await StatementsAsync(statements) - _statementsBefore[statements]),
                    Provider() - _providerBefore,
                ]).SequenceEqual(said), TimeSpan.FromSeconds(10), step);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{step}: the document says {string.Join(", ", said)}; counted were {string.Join(", ", now)}.");
        }

        (_redisBefore, _providerBefore) = (_redisBefore + now[0], _providerBefore + now[2]);
        _statementsBefore[statements] += now[1];
    }

    /// <summary>
    /// Commands about a user; what a script does inside of Redis is none of them, nor is the look after tokens that wait.
    /// </summary>
    private int Redis() => _monitor.Heard.Split('\n')
        .Count(line => line.Contains("fathom:{", StringComparison.Ordinal) && !line.Contains(" lua] ", StringComparison.Ordinal));

    private async Task<long> StatementsAsync(string condition) => (long)(await PostgresTestDatabase.QueryAsync(
        _database, $"SELECT COALESCE(sum(calls), 0)::bigint FROM pg_stat_statements WHERE {condition}"))!;

    private int Provider() => _stage.Provider.Server.LogEntries.Count;
}
