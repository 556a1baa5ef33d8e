using FathomGateway.State;
using FathomGateway.State.Redis;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.State;

public sealed class RedisStateStoreTests(RealStores stores) : StateStoreContract, IAsyncDisposable
{
    private RedisConnection? _connection;

    private protected override async Task<IStateStore> StoreAsync() =>
        new RedisStateStore(await ConnectionAsync(), NoMetrics.Instance, TimeProvider.System);

    [Fact]
    public async Task Every_Redis_key_has_a_time_to_live_and_shows_no_user_id()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);
        Assert.Equal([(IStateStore.StateLifetime, false)], await KeysOfAsync(nonce));

        await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel);
        Assert.Equal([(IStateStore.PendingLifetime, false)], await KeysOfAsync(nonce));

        await store.SettleAsync(nonce, Some.User("ann"), "an-outcome", Cancel);
        Assert.Equal([(IStateStore.OutcomeLifetime, false)], await KeysOfAsync(nonce));
    }

    [Fact]
    public async Task A_malformed_record_in_Redis_is_read_as_absent()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);
        var database = await (await ConnectionAsync()).DatabaseAsync(Cancel);
        var key = await Keys(database, nonce).SingleAsync(Cancel);
        await database.StringSetAsync(key, "not json");

        Assert.IsType<Redemption.Absent>(await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    /// <summary>One that is connected: to connect within a command's second is not what these tests are about.</summary>
    private async Task<RedisConnection> ConnectionAsync()
    {
        if (_connection is not null) return _connection;
        _connection = new RedisConnection(
            RedisAddress.Read(TestSettings.Reader(), await stores.RedisAsync())!, TimeProvider.System, NullLoggerFactory.Instance);
        await Eventually.BecomesTrueAsync(
            async () => await (await _connection.DatabaseAsync(Cancel)).PingAsync() > TimeSpan.Zero,
            TimeSpan.FromSeconds(60),
            "Redis answers");
        return _connection;
    }

    /// <summary>Of each key of the nonce: its time to live to the nearest ten seconds, and whether its name shows the user.</summary>
    private async Task<(TimeSpan Lifetime, bool ShowsUser)[]> KeysOfAsync(StateNonce nonce)
    {
        var database = await (await ConnectionAsync()).DatabaseAsync(Cancel);
        var found = new List<(TimeSpan Lifetime, bool ShowsUser)>();
        await foreach (var key in Keys(database, nonce))
        {
            var lifetime = await database.KeyTimeToLiveAsync(key);
            found.Add((
                TimeSpan.FromSeconds(Math.Round(lifetime!.Value.TotalSeconds / 10) * 10),
                key.ToString().Contains("ann", StringComparison.Ordinal)));
        }

        return [.. found];
    }

    private static IAsyncEnumerable<RedisKey> Keys(IDatabase database, StateNonce nonce) =>
        database.Multiplexer.GetServers()[0].KeysAsync(pattern: $"*{nonce}");
}
