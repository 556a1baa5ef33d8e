using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Faults.ProxiedRequests;

/// <summary>
/// A gateway process with its stores, provider and backend, each of which can be made to fail, while users connect all the time.
/// </summary>
internal sealed partial class ProxiedDuringFaultsStage : IAsyncDisposable
{
    public const string Body = "from the backend";

    private const int UsersASecond = 20;

    private readonly RedisServer _redis;
    private readonly PostgresServer _postgres;
    private readonly FaultProxy _toRedis, _toPostgres;
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly RawServer _backend = RawServer.Start(
        RawResponse.Verbatim($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
    private readonly RawServer _receiver = RawServer.Start(RawResponse.Verbatim("HTTP/1.1 204 No Content\r\n\r\n"));
    private readonly FaultProxy _toReceiver;
    private readonly string _database;
    private readonly CancellationTokenSource _end = new();
    private Task _people = Task.CompletedTask;

    private ProxiedDuringFaultsStage(RedisServer redis, PostgresServer postgres, string database)
    {
        (_redis, _postgres, _toRedis, _toPostgres) = (redis, postgres, FaultProxy.Start(redis.Port), FaultProxy.Start(postgres.Port));
        (_database, _toReceiver) = (database, FaultProxy.Start(_receiver.Address.Port));
        _provider.Server.SetMaxRequestLogCount(10);
    }

    public GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>The faults, each with the step that ends it.</summary>
    public DependencyFault[] Faults =>
    [
        new("Redis killed", _redis.Kill, _redis.RestartAsync),
        new("Redis silent", _redis.Suspend, _redis.Resume),
        new("Redis behind a black hole", _toRedis.BlackHole, () => { _toRedis.Heal(); _toRedis.Reset(); }),
        new("PostgreSQL killed", _postgres.Kill, _postgres.RestartAsync),
        new("PostgreSQL silent", _postgres.Suspend, _postgres.Resume),
        new(
            "PostgreSQL slow by 5 s",
            () => _toPostgres.FromServer.Latency = TimeSpan.FromSeconds(5),
            () => { _toPostgres.FromServer.Latency = default; _toPostgres.Reset(); }),
        new("provider silent", () => _provider.Answers(Never), ProviderAnswers),
        new("provider answers 503", () => _provider.Answers(new TokenReply { Status = 503 }), ProviderAnswers),
        new(
            "all three silent",
            () => { _redis.Suspend(); _postgres.Suspend(); _provider.Answers(Never); },
            () => { _redis.Resume(); _postgres.Resume(); ProviderAnswers(); }),
        new("receiver gone, 100,000 events wait", () => { }, ReceiverIsBackAsync) { Prepare = ReceiverIsGoneAsync },
    ];

    public static async Task<ProxiedDuringFaultsStage> StartAsync()
    {
        var postgres = await PostgresServer.StartAsync();
        var stage = new ProxiedDuringFaultsStage(await RedisServer.StartAsync(), postgres, await postgres.CreateDatabaseAsync());
        stage.Gateway = await GatewayProcess.StartAsync(TestSettings.OnRealStores(
            $"redis://127.0.0.1:{stage._toRedis.Port}",
            PostgresTestDatabase.Through(stage._database, stage._toPostgres.Port),
            [
                .. stage._provider.Settings, ("BACKEND_URL", $"{stage._backend.Address}"), ("FATHOM_TOKEN_BUDGET", "0"),
                ("EVENTS_URL", $"http://127.0.0.1:{stage._toReceiver.Port}/"), ("EVENTS_SECRET", EventReceiver.NewSecret()),
            ]));
        await stage.Gateway.WarmUpAsync();
        stage._people = stage.ConnectAsync();
        return stage;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _people;
        await Gateway.DisposeAsync();
        _provider.Dispose();
        await _backend.DisposeAsync();
        await _toReceiver.DisposeAsync();
        await _receiver.DisposeAsync();
        await _toRedis.DisposeAsync();
        await _toPostgres.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
        _end.Dispose();
    }

    /// <summary>They arrive at a constant rate: one that waits does not delay the others.</summary>
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

    private void ProviderAnswers() => _provider.Answers(_ => Task.FromResult(_provider.NewTokens()));
}
