using FathomGateway.Tests.Flow;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Tokens.Pending;

/// <summary>Two replicas on stores that the test may kill, and a provider in whose token handler it does.</summary>
public sealed class PendingTokensStage : IAsyncDisposable
{
    /// <summary>What is promised once the database is back, and as much again for a busy machine.</summary>
    internal static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    internal PostgresServer Postgres { get; private init; } = null!;

    internal RedisServer Redis { get; private init; } = null!;

    internal ScriptedProvider Provider { get; } = ScriptedProvider.Start();

    internal GatewayUnderTest One { get; private set; } = null!;

    internal GatewayUnderTest Two { get; private set; } = null!;

    /// <param name="clock">Of the first replica.</param>
    internal static async Task<PendingTokensStage> StartAsync(TimeProvider? clock = null)
    {
        var stage = new PendingTokensStage { Postgres = await PostgresServer.StartAsync(), Redis = await RedisServer.StartAsync() };
        var settings =
            TestSettings.OnRealStores(stage.Redis.ConnectionString, await stage.Postgres.CreateDatabaseAsync(), stage.Provider.Settings);
        stage.One = await GatewayUnderTest.StartAsync(settings, clock);
        stage.Two = await GatewayUnderTest.StartAsync(settings);
        await Eventually.BecomesTrueAsync(
            async () => await stage.RowAsync("nobody") is null && (await ConnectFlow.BeginAsync(stage.One, "nobody")).Length > 0,
            Recovery,
            "the stores serve");
        return stage;
    }

    /// <summary>The provider issues tokens, and as it does, this happens.</summary>
    internal void WhenTokensAreIssued(Action happens) => Provider.Answers(_ =>
    {
        happens();
        return Task.FromResult(Provider.NewTokens());
    });

    internal Task<Connection?> RowAsync(string user) =>
        Two.Services.GetRequiredService<ConnectionStore>().FindAsync(Some.User(user), TestContext.Current.CancellationToken);

    internal async Task<string?> AccessTokenAsync(string user) => await RowAsync(user) is { } row
        ? Two.Services.GetRequiredService<TokenCipher>().Open(row.AccessToken, row.UserId, TokenColumn.AccessToken)
        : null;

    internal Task IsStoredAsync(string user, string accessToken) =>
        Eventually.BecomesTrueAsync(async () => await AccessTokenAsync(user) == accessToken, Recovery, $"{accessToken} is stored");

    /// <summary>Stores them in Redis; again where Redis was too slow.</summary>
    internal static Task PutAsync(PendingTokenStore store, IssuedTokens tokens) =>
        Eventually.BecomesTrueAsync(() => store.PutAsync(tokens), Recovery, "they are in Redis");

    /// <summary>Waits until so many wait in Redis.</summary>
    internal Task WaitInRedisAsync(int count) => Eventually.BecomesTrueAsync(
        async () => await Two.Services.GetRequiredService<PendingTokenStore>().CountAsync() == count, Recovery, $"{count} wait in Redis");

    /// <summary>Waits until a replica holds so many in its memory alone.</summary>
    internal static Task AreInMemoryAsync(GatewayUnderTest replica, int count) => Eventually.BecomesTrueAsync(
        () => replica.Services.GetRequiredService<PendingTokens>().InMemory == count, Recovery, $"{count} are in memory");

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        Provider.Dispose();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
