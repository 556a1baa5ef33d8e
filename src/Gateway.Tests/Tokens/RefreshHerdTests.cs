using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Fathom;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>A provider that allows 60 token calls in any 60 seconds, and more users than that.</summary>
[Trait("Speed", "Slow")]
public sealed class RefreshHerdTests(RealStores stores)
{
    private const int Users = 10_000, Minutes = 4, ExchangesAMinute = 10;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly Queue<DateTimeOffset> _seen = [];
    private int _refused;

    /// <summary>
    /// Time is stepped, so about 250 real calls stand for the first four minutes of the herd; each minute after them is the same.
    /// </summary>
    [Fact]
    public async Task Ten_thousand_tokens_that_expire_together_bring_no_429_upon_the_app_F23()
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(_ => Task.FromResult(Allows() ? provider.NewTokens() : new TokenReply { Status = 429 }));
        using var clients = new ProviderClients(new Uri($"{provider.Server.Url}/"));
        var url = await stores.NewDatabaseAsync();
        await using var hosts = new PostgresHosts(PostgresTestDatabase.ToNpgsql(url), NullLoggerFactory.Instance);
        await PostgresMigration.MigrateAsync(hosts);
        var schema = new SchemaReadiness(() => Task.CompletedTask, NullLogger<SchemaReadiness>.Instance);
        var replicas = Enumerable.Range(0, 3).Select(_ => new TokenBudget(
            new TokenCallStore(new PostgresDatabase(hosts, schema)), 50, _clock, NullLogger<TokenBudget>.Instance)).ToArray();
        var fresh = new bool[Users];

        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromMinutes(Minutes); elapsed += Step)
        {
            // Half of a minute's users who connect come before the herd, and count; they are never held back.
            for (var i = 0; i < ExchangesAMinute / 2; i++)
            {
                await replicas[i % 3].CountExchangeAsync(Some.User($"user-{i}"));
                Assert.IsType<TokenResult.Granted>(await clients.TokenEndpoint.ExchangeAsync("code", null, Cancel));
            }

            await Task.WhenAll(Enumerable.Range(0, Users).Where(user => !fresh[user]).Select(user => Task.Run(async () =>
            {
                if (await WaitAsync(replicas[user % 3]) is not null) return;
                fresh[user] = await clients.RefreshAsync($"refresh-{user}") is TokenResult.Granted;
            })));
            _clock.Advance(Step);
            await PostgresTestDatabase.QueryAsync(
                url,
                $"UPDATE fathom_token_calls SET called_at = called_at - interval '{Step.TotalSeconds} s'; UPDATE fathom_exchanges SET "
                    + $"called_at = called_at - interval '{Step.TotalSeconds} s'");
        }

        Assert.Equal(0, _refused);
        // As many as the budget leaves beside the exchanges, so nobody waits without need.
        Assert.InRange(fresh.Count(one => one), Minutes * (50 - ExchangesAMinute), Minutes * 50);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A caller that timed out in the queue, on a busy machine, retries.</summary>
    private static async Task<TimeSpan?> WaitAsync(TokenBudget budget)
    {
        while (true)
        {
            try
            {
                return await budget.TakeAsync(Cancel);
            }
            catch (ConnectionStoreUnavailableException)
            {
                Cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private bool Allows()
    {
        lock (_seen)
        {
            while (_seen.TryPeek(out var oldest) && oldest <= _clock.GetUtcNow() - TimeSpan.FromSeconds(60)) _seen.Dequeue();
            if (_seen.Count >= 60)
            {
                _refused++;
                return false;
            }

            _seen.Enqueue(_clock.GetUtcNow());
            return true;
        }
    }
}
