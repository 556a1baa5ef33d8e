using System.Globalization;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Flow;

/// <summary>Copies of one callback that arrive while the first is in progress: they read the outcome and redeem nothing.</summary>
[Trait("Speed", "Slow")]
public sealed class ManyCopiesTests
{
    private const int Copies = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Four_hundred_copies_of_a_callback_cost_Redis_under_1000_commands_a_second(int replicas)
    {
        await using var stage = await ReplicaStage.StartAsync(replicas);
        var state = await ConnectFlow.BeginAsync(stage.Gateways[0], "ann");
        var first = ConnectFlow.ReturnAsync(stage.Gateways[0], state);
        await Eventually.BecomesTrueAsync(
            () => stage.Provider.TokenRequests.Count == 1, TimeSpan.FromSeconds(30), "the first is exchanging");
        var before = await stage.CommandsAsync();
        var begun = TimeProvider.System.GetTimestamp();

        var copies = Enumerable.Range(0, Copies).Select(i => ConnectFlow.ReturnAsync(stage.Gateways[i % replicas], state)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        var (commands, seconds) = (await stage.CommandsAsync() - before, TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        stage.Exchanged.SetResult();

        Assert.All(await Task.WhenAll(copies), redirect => Assert.Equal(Success, redirect));
        Assert.Equal(Success, await first);
        Assert.Single(stage.Provider.TokenRequests);
        Assert.True(commands < 1000 * seconds, $"{commands} commands in {seconds:0.0} s");
    }

    [Fact]
    public async Task A_state_that_is_back_after_a_fail_over_is_redeemed_by_no_copy_of_the_callback_F4()
    {
        await using var stage = await ReplicaStage.StartAsync(2);
        var state = await ConnectFlow.BeginAsync(stage.Gateways[0], "ann");
        var (key, record) = await stage.RecordAsync();
        var first = ConnectFlow.ReturnAsync(stage.Gateways[0], state);
        await Eventually.BecomesTrueAsync(
            () => stage.Provider.TokenRequests.Count == 1, TimeSpan.FromSeconds(30), "the first is exchanging");
        var looks = await stage.LooksAsync();
        var waiting = ConnectFlow.ReturnAsync(stage.Gateways[1], state);
        await Eventually.BecomesTrueAsync(
            async () => await stage.LooksAsync() > looks + 2, TimeSpan.FromSeconds(30), "a copy waits and looks");

        // The redeem was not replicated to the new primary.
        await stage.Redis.CommandAsync("SET", key, record, "EX", "600");
        var copy = ConnectFlow.ReturnAsync(stage.Gateways[0], state);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        stage.Exchanged.SetResult();

        Assert.Equal([Success, Success, Success], await Task.WhenAll(first, copy, waiting));
        // And when the receipt is lost as well.
        await stage.Redis.CommandAsync("FLUSHALL");
        await stage.Redis.CommandAsync("SET", key, record, "EX", "600");
        Assert.Equal(Success, await ConnectFlow.ReturnAsync(stage.Gateways[0], state));
        Assert.Single(stage.Provider.TokenRequests);
    }

    private const string Success = "/dashboard?fathom_successful=true";

    private sealed class ReplicaStage : IAsyncDisposable
    {
        public RedisServer Redis { get; private init; } = null!;

        public ScriptedProvider Provider { get; } = ScriptedProvider.Start();

        public TaskCompletionSource Exchanged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<GatewayUnderTest> Gateways { get; } = [];

        private PostgresServer Postgres { get; init; } = null!;

        public static async Task<ReplicaStage> StartAsync(int replicas)
        {
            var stage = new ReplicaStage { Redis = await RedisServer.StartAsync(), Postgres = await PostgresServer.StartAsync() };
            stage.Provider.Answers(async _ =>
            {
                await stage.Exchanged.Task;
                return stage.Provider.NewTokens();
            });
            var settings = TestSettings.OnRealStores(
                stage.Redis.ConnectionString, await stage.Postgres.CreateDatabaseAsync(), stage.Provider.Settings);
            for (var i = 0; i < replicas; i++)
            {
                stage.Gateways.Add(await GatewayUnderTest.StartAsync(settings));
                await Readiness.OfStoresAsync(stage.Gateways[i].InternalClient);
            }

            return stage;
        }

        /// <summary>How many commands Redis has carried out.</summary>
        public async Task<long> CommandsAsync()
        {
            var info = await Redis.CommandAsync("INFO", "stats");
            return long.Parse(info.Split('\n')
                .Single(line => line.StartsWith("total_commands_processed:", StringComparison.Ordinal))
                .Split(':')[1]
                .Trim(), CultureInfo.InvariantCulture);
        }

        /// <summary>How often anything was read by its key.</summary>
        public async Task<long> LooksAsync()
        {
            var info = await Redis.CommandAsync("INFO", "commandstats");
            var gets = info.Split('\n').FirstOrDefault(line => line.StartsWith("cmdstat_get:", StringComparison.Ordinal));
            return gets is null ? 0 : long.Parse(gets.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture);
        }

        public async Task<(string Key, string Record)> RecordAsync()
        {
            var key = (await Redis.CommandAsync("KEYS", "*:state:*")).Trim();
            return (key, (await Redis.CommandAsync("GET", key)).Trim());
        }

        public async ValueTask DisposeAsync()
        {
            Exchanged.TrySetResult();
            foreach (var gateway in Gateways) await gateway.DisposeAsync();
            Provider.Dispose();
            await Postgres.DisposeAsync();
            await Redis.DisposeAsync();
        }
    }
}
