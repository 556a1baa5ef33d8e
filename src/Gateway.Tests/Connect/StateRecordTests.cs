using FathomGateway.Tests.Kit;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class StateRecordTests : IAsyncLifetime
{
    private const string Records = "*:state:*";

    private RedisServer _redis = null!;
    private Stage _stage = null!;
    private ConnectionMultiplexer _client = null!;

    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task No_record_of_a_flow_is_kept_in_Redis_for_longer_than_ten_minutes()
    {
        await _stage.StateAsync(Fresh.User());
        await _stage.LinkAsync(Fresh.User());

        var keys = Server.Keys().ToArray();
        Assert.NotEmpty(keys);
        foreach (var key in keys)
        {
            Assert.InRange(
                await _client.GetDatabase().KeyTimeToLiveAsync(key) ?? TimeSpan.MaxValue,
                TimeSpan.FromSeconds(60),
                TimeSpan.FromSeconds(600));
        }
    }

    [Fact]
    public async Task A_state_lives_for_ten_minutes()
    {
        await _stage.StateAsync(Fresh.User());

        Assert.InRange(
            await _client.GetDatabase().KeyTimeToLiveAsync(Server.Keys(pattern: Records).Single()) ?? TimeSpan.Zero,
            TimeSpan.FromSeconds(570),
            TimeSpan.FromSeconds(600));
    }

    [Fact]
    public async Task A_state_whose_record_is_gone_has_expired_and_spends_no_code()
    {
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await _stage.StateAsync(user);
        await Server.FlushAllDatabasesAsync();

        Assert.Equal(CallbackRedirect.Failure("expired_state"), await _stage.LandAsync(state, code));
        Assert.Equal(0, _stage.Exchanges(code));
        Assert.Null(await _stage.ConnectionAsync(user));
    }

    [Fact]
    public async Task The_record_of_one_user_does_not_serve_the_state_of_another_T2()
    {
        var (victim, attacker) = (Fresh.User(), Fresh.User());
        await _stage.StateAsync(attacker);
        var records = await RecordsAsync();
        await Server.FlushAllDatabasesAsync();
        var state = await _stage.StateAsync(victim);

        // An attacker with write access to Redis replaces the victim's record.
        var database = _client.GetDatabase();
        await database.StringSetAsync(Server.Keys(pattern: Records).Single(), records.Single().Value, TimeSpan.FromMinutes(5));

        Assert.NotEqual(CallbackRedirect.Success, await _stage.LandAsync(state, Fresh.Code()));
        Assert.Empty(_stage.Provider.TokenRequests);
        Assert.Null(await _stage.ConnectionAsync(victim));
        Assert.Null(await _stage.ConnectionAsync(attacker));
    }

    [Fact]
    public async Task A_forged_state_asks_Redis_nothing_T2_T30()
    {
        var state = await _stage.StateAsync(Fresh.User());
        var before = await CommandsAsync();

        for (var i = 0; i < 50; i++)
        {
            await _stage.LandAsync(state[..^1] + (state[^1] == 'z' ? 'y' : 'z'), Fresh.Code());
        }

        // Health checks and this very question are commands, too.
        Assert.InRange(await CommandsAsync() - before, 0, 45);
    }

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _stage = await Stage.StartAsync(TestSettings.Embedded(("REDIS_URL", _redis.ConnectionString)));
        _client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_redis.Port},allowAdmin=true");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _stage.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private IServer Server => _client.GetServer("127.0.0.1", _redis.Port);

    private async Task<Dictionary<RedisKey, RedisValue>> RecordsAsync()
    {
        var records = new Dictionary<RedisKey, RedisValue>();
        foreach (var key in Server.Keys(pattern: Records))
        {
            records[key] = await _client.GetDatabase().StringGetAsync(key);
        }

        return records;
    }

    private async Task<long> CommandsAsync() => long.Parse(
        (await Server.InfoAsync("stats")).SelectMany(section => section).Single(entry => entry.Key == "total_commands_processed").Value,
        System.Globalization.CultureInfo.InvariantCulture);
}
