using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>
/// No table grows for ever: expired rows are deleted within a minute, without any refresh or disconnect.
/// </summary>
public sealed class StoreSweepTests(RealStores stores)
{
    private const int Rows = 25_000;

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_sweep_deletes_old_token_calls_codes_and_disconnects_and_keeps_the_others(string kind)
    {
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var replica = await Replica.OnAsync(database, "http://127.0.0.1:9/", budget: 50);
        var (now, day, minutes) = kind == TokenDatabase.Postgres
            ? ("now()", "now() - interval '25 hours'", "now() - interval '11 minutes'")
            : ("unixepoch() * 1000", "(unixepoch() - 90000) * 1000", "(unixepoch() - 660) * 1000");
        await database.ExecuteAsync($"INSERT INTO fathom_token_calls VALUES ({minutes}); INSERT INTO fathom_token_calls VALUES ({now})");
        await database.ExecuteAsync(
            $"INSERT INTO fathom_exchanges VALUES ('ann', {minutes}, {Bool(kind, true)}); INSERT INTO fathom_exchanges VALUES ('ann', "
                + $"{now}, {Bool(kind, false)})");
        await database.ExecuteAsync(
            $"INSERT INTO fathom_disconnects VALUES ('ann', {day}); INSERT INTO fathom_disconnects VALUES ('ben', {now})");
        var clock = new FakeTimeProvider();
        using var sweep = new StoreSweep(
            replica.Store, replica.Get<TokenCallStore>(), clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<StoreSweep>.Instance);
        await sweep.StartAsync(Cancel);

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return await RowsAsync(replica) == 3;
            },
            TimeSpan.FromSeconds(30),
            "one row of each is left");
        await sweep.StopAsync(Cancel);
    }

    [Fact]
    public async Task The_sweep_deletes_many_old_disconnects_in_bounded_steps()
    {
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Postgres);
        await using var replica = await Replica.OnAsync(database, "http://127.0.0.1:9/");
        await database.ExecuteAsync(
            $"INSERT INTO fathom_disconnects SELECT 'user-' || i, now() - interval '25 hours' FROM generate_series(1, {Rows}) AS i");
        using var sweep = new StoreSweep(
            replica.Store,
            replica.Get<TokenCallStore>(),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<StoreSweep>.Instance);

        await sweep.RunAsync(Cancel);
        Assert.Equal(Rows - 20_000, await RowsAsync(replica));
        // Two replicas at once.
        await Task.WhenAll(sweep.RunAsync(Cancel), sweep.RunAsync(Cancel));

        Assert.Equal(0, await RowsAsync(replica));
    }

    [Fact]
    public async Task Old_outcomes_in_memory_are_removed_without_a_new_flow()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var states = new FathomGateway.State.MemoryStateStore(clock);
        var nonce = FathomGateway.State.StateNonce.Create();
        await states.SettleAsync(nonce, Some.User("ann"), "connected", Cancel);
        Assert.Equal(1, states.Count);

        clock.Advance(FathomGateway.State.IStateStore.OutcomeLifetime + TimeSpan.FromMinutes(1));

        Assert.Equal(0, states.Count);
    }

    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task The_gateway_runs_the_sweep_by_itself()
    {
        await using var stage = await Stage.StartAsync();

        var sweep = stage.Gateway.Services.GetRequiredService<StoreSweep>();
        await Eventually.BecomesTrueAsync(() => sweep.ExecuteTask is not null, TimeSpan.FromSeconds(60), "the sweep has begun");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Bool(string kind, bool value) => kind == TokenDatabase.Postgres ? $"{value}" : value ? "1" : "0";

    private static Task<long> RowsAsync(Replica replica) => replica.Get<Database>().FindAsync(
        "SELECT (SELECT count(*) FROM fathom_token_calls) + (SELECT count(*) FROM fathom_exchanges) + (SELECT count(*) FROM "
            + "fathom_disconnects)",
        null,
        row => row.GetInt64(0),
        Cancel);
}
