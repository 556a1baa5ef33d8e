using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Faults.Bystanders;

/// <summary>
/// A gateway process between its partners, each of which can be spoiled, and people who connect all the time, whatever comes of it.
/// </summary>
internal sealed class BusyWorld : IAsyncDisposable
{
    public const string Body = "from the backend";

    private const int UsersASecond = 20;

    private readonly RedisServer _redis;
    private readonly PostgresServer _postgres;
    private readonly FaultProxy _toRedis, _toPostgres;
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly RawServer _backend =
        RawServer.Start(RawAnswer.Verbatim($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
    private readonly CancellationTokenSource _end = new();
    private Task _people = Task.CompletedTask;

    private BusyWorld(RedisServer redis, PostgresServer postgres)
    {
        (_redis, _postgres, _toRedis, _toPostgres) = (redis, postgres, FaultProxy.Start(redis.Port), FaultProxy.Start(postgres.Port));
        _provider.Server.SetMaxRequestLogCount(10);
    }

    public GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>What happens to whom, and how it ends.</summary>
    public (string Name, Func<Task> Begin, Func<Task> End)[] Faults =>
    [
        Fault("Redis killed", _redis.Kill, _redis.RestartAsync),
        Fault("Redis silent", _redis.Suspend, _redis.Resume),
        Fault("Redis behind a black hole", _toRedis.BlackHole, () => { _toRedis.Heal(); _toRedis.Reset(); }),
        Fault("PostgreSQL killed", _postgres.Kill, _postgres.RestartAsync),
        Fault("PostgreSQL silent", _postgres.Suspend, _postgres.Resume),
        Fault(
            "PostgreSQL slow by 5 s",
            () => _toPostgres.FromServer.Latency = TimeSpan.FromSeconds(5),
            () => { _toPostgres.FromServer.Latency = default; _toPostgres.Reset(); }),
        Fault("provider silent", () => _provider.Answers(Never), () => _provider.Answers(_ => Task.FromResult(_provider.NewTokens()))),
        Fault(
            "provider answers 503",
            () => _provider.Answers(new TokenReply { Status = 503 }),
            () => _provider.Answers(_ => Task.FromResult(_provider.NewTokens()))),
        Fault(
            "all three silent",
            () => { _redis.Suspend(); _postgres.Suspend(); _provider.Answers(Never); },
            () => { _redis.Resume(); _postgres.Resume(); _provider.Answers(_ => Task.FromResult(_provider.NewTokens())); }),
    ];

    public static async Task<BusyWorld> StartAsync()
    {
        var world = new BusyWorld(await RedisServer.StartAsync(), await PostgresServer.StartAsync());
        var database = PostgresTestDatabase.Through(await world._postgres.CreateDatabaseAsync(), world._toPostgres.Port);
        world.Gateway = await GatewayProcess.StartAsync(TestSettings.OnRealStores(
            $"redis://127.0.0.1:{world._toRedis.Port}",
            database,
            [.. world._provider.Settings, ("BACKEND_URL", $"{world._backend.Address}"), ("FATHOM_TOKEN_BUDGET", "0")]));
        await world.Gateway.WarmUpAsync();
        world._people = world.ConnectAsync();
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _people;
        await Gateway.DisposeAsync();
        _provider.Dispose();
        await _backend.DisposeAsync();
        await _toRedis.DisposeAsync();
        await _toPostgres.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
        _end.Dispose();
    }

    /// <summary>They come at their own pace: whoever is kept waiting keeps nobody else from coming.</summary>
    private async Task ConnectAsync()
    {
        var under = new List<Task>();
        while (!_end.IsCancellationRequested)
        {
            under.RemoveAll(one => one.IsCompleted);
            under.Add(TryAsync());
            await Task.Delay(TimeSpan.FromSeconds(1.0 / UsersASecond), CancellationToken.None);
        }

        await Task.WhenAll(under);
    }

    private async Task TryAsync()
    {
        var user = Fresh.User();
        using var begun = await Gateway.ConnectAsync(user);
        if (begun.IsSuccessStatusCode) await Gateway.LandAsync((await AuthorizationUrl.ReadAsync(begun))["state"], Fresh.Code());
    }

    private static async Task<TokenReply> Never(TokenRequest request)
    {
        await Task.Delay(TimeSpan.FromSeconds(30));
        return new TokenReply { Status = 503 };
    }

    private static (string Name, Func<Task> Begin, Func<Task> End) Fault(string name, Action begin, Action end) =>
        Fault(name, begin, () => { end(); return Task.CompletedTask; });

    private static (string Name, Func<Task> Begin, Func<Task> End) Fault(string name, Action begin, Func<Task> end) =>
        (name, () => { begin(); return Task.CompletedTask; }, end);
}
