using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A replica that is killed in the middle of a callback.</summary>
[Trait("Speed", "Slow")]
public sealed class KilledReplicaTests(RealStores stores) : IAsyncLifetime
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private string _database = null!;
    private FaultProxy _redis = null!, _postgres = null!;
    private Dictionary<string, string?> _settings = null!;

    [Theory]
    [InlineData("redeem")]
    [InlineData("exchange")]
    [InlineData("save")]
    [InlineData("settle")]
    public async Task A_replica_that_is_killed_leaves_no_half_row_and_the_user_connects_again_at_once_F18(string during)
    {
        var (user, _, _) = await KilledAsync(during);
        Assert.Equal(during == "settle" ? 1 : 0, await CountAsync(user));

        await using var again = await GatewayProcess.StartAsync(_settings);
        await again.WarmUpAsync();
        await again.LinkAsync(user);
        Assert.Equal(1, await CountAsync(user));
    }

    [Theory]
    [InlineData("proof")]
    [InlineData("script")]
    public async Task A_replica_that_is_killed_before_the_redeem_spends_neither_state_nor_code_F18(string during)
    {
        var (user, state, code) = await KilledAsync(during);

        await using var again = await GatewayProcess.StartAsync(_settings);
        await again.WarmUpAsync();
        Assert.Equal(CallbackRedirect.Success, await again.LandAsync(state, code));
        Assert.Single(_provider.TokenRequests, request => request.Code == code);
        Assert.Equal(1, await CountAsync(user));
    }

    public async ValueTask InitializeAsync()
    {
        _redis = FaultProxy.Start(new Uri(await stores.RedisAsync()).Port);
        _database = await stores.NewDatabaseAsync();
        _postgres = FaultProxy.Start(new Uri(_database).Port);
        _settings = TestSettings.OnRealStores(
            $"redis://127.0.0.1:{_redis.Port}",
            PostgresTestDatabase.Through(_database, _postgres.Port),
            [.. _provider.Settings, ("BACKEND_URL", $"{_backend.Address}")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
        _provider.Dispose();
        await _backend.DisposeAsync();
    }

    /// <summary>Kills a replica at this step of a callback. Where the gateway's own limit came first, the next user tries.</summary>
    private async Task<(string User, string State, string Code)> KilledAsync(string during)
    {
        for (var left = 5; left > 0; left--)
        {
            var (user, code, state, end) = (Fresh.User(), Fresh.Code(), "", (Exception?)null);
            await using (var gateway = await GatewayProcess.StartAsync(_settings))
            {
                await gateway.WarmUpAsync();
                state = await gateway.StateAsync(user);
                var reached = Arrange(during, code);
                var redirect = gateway.LandAsync(state, code);
                await Task.WhenAny(reached(), redirect);
                gateway.Kill();
                end = await Record.ExceptionAsync(() => redirect);
            }

            Release();
            if (end is HttpRequestException) return (user, state, code);
        }

        throw new Xunit.Sdk.XunitException($"No callback was broken off by the end of its process during {during}.");
    }

    /// <summary>What was held died with the process that sent it.</summary>
    private void Release()
    {
        foreach (var path in (FaultProxy[])[_redis, _postgres])
        {
            path.Reset();
            path.ToServer.Release();
            path.FromServer.Release();
        }

        _provider.Answers(_ => Task.FromResult(_provider.NewTokens()));
    }

    /// <summary>Stops the callback at this step; what is returned waits until it has got there.</summary>
    private Func<Task> Arrange(string during, string code)
    {
        switch (during)
        {
            case "proof":
                // The database has checked that it takes writes, and its answer is held back.
                var proofs = _postgres.ToServer.Seen("pg_is_in_recovery");
                _postgres.FromServer.Hold();
                return () => _postgres.ToServer.SeesAsync("pg_is_in_recovery", proofs + 1);
            case "script":
                // The script that redeems is on its way.
                var scripts = _redis.ToServer.Seen("EVAL");
                _redis.ToServer.Hold();
                return () => _redis.ToServer.SeesAsync("EVAL", scripts + 1);
            case "redeem":
                // The script has run, and its answer is held back.
                var before = _redis.ToServer.Seen("EVAL");
                _redis.FromServer.Hold();
                return () => _redis.ToServer.SeesAsync("EVAL", before + 1);
            case "save":
                _provider.Answers(_ =>
                {
                    _postgres.ToServer.Hold();
                    return Task.FromResult(_provider.NewTokens());
                });
                var saves = _postgres.ToServer.Seen("pg_advisory_xact_lock");
                return () => _postgres.ToServer.SeesAsync("pg_advisory_xact_lock", saves + 1);
            case "settle":
                _provider.Answers(_ =>
                {
                    _redis.FromServer.Hold();
                    return Task.FromResult(_provider.NewTokens());
                });
                var settled = _redis.ToServer.Seen("connected");
                return () => _redis.ToServer.SeesAsync("connected", settled + 1);
            default:
                _provider.Answers(_ => new TaskCompletionSource<TokenReply>().Task);
                return () => Eventually.BecomesTrueAsync(
                    () => _provider.TokenRequests.Any(one => one.Code == code), TimeSpan.FromSeconds(30), "the exchange is under way");
        }
    }

    private async Task<long> CountAsync(string user) =>
        (long)(await PostgresTestDatabase.QueryAsync(_database, $"SELECT count(*) FROM fathom_connections WHERE user_id = '{user}'"))!;
}
