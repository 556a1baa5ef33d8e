using WireMock.ResponseBuilders;

namespace FathomGateway.Tests.Soak;

/// <summary>The faults, each with what ends it: in a random order in which none comes again before all have been.</summary>
internal sealed partial class SoakFaults(SoakEnvironment environment, int seed)
{
    /// <summary>Shorter and longer than the save of an issued token is retried.</summary>
    private static readonly int[] Seconds = [3, 6, 14];

    /// <summary>Answers that come too late for some of what waits for them, and not for all.</summary>
    private static readonly TimeSpan SlowRedis = TimeSpan.FromMilliseconds(600), SlowPostgres = TimeSpan.FromSeconds(1.2);

    private readonly Random _random = new(seed);
    private readonly Queue<(string Name, Func<CancellationToken, Task> Run)> _next = [];

    /// <summary>One of them, from its beginning to its end.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> RunAsync(CancellationToken end)
    {
        if (_next.Count == 0)
        {
            var all = All();
            _random.Shuffle(all);
            foreach (var fault in all) _next.Enqueue(fault);
        }

        var (name, run) = _next.Dequeue();
        environment.Model.Count($"fault: {name}");
        await run(end);
        return name;
    }

    private (string Name, Func<CancellationToken, Task> Run)[] All() =>
    [
        ("redis killed", end => DuringAsync(environment.Redis.Kill, environment.Redis.RestartAsync, end)),
        ("redis stopped", end => DuringAsync(environment.Redis.Suspend, environment.Redis.Resume, end)),
        ("redis cut", end => DuringAsync(() => Cut(environment.ToRedis), environment.ToRedis.AcceptNew, end)),
        ("redis black hole", end => DuringAsync(environment.ToRedis.BlackHole, () => Recover(environment.ToRedis), end)),
        ("redis slow", end => DuringAsync(
            () => environment.ToRedis.FromServer.Latency = SlowRedis, () => environment.ToRedis.FromServer.Latency = default, end)),
        ("redis full", end => DuringAsync(
            () => environment.Redis.CommandAsync("CONFIG", "SET", "maxmemory", "1"),
            () => environment.Redis.CommandAsync("CONFIG", "SET", "maxmemory", "0"),
            end)),
        ("postgres killed", end => DuringAsync(environment.Postgres.Kill, environment.Postgres.RestartAsync, end)),
        ("postgres stopped", end => DuringAsync(environment.Postgres.Suspend, environment.Postgres.Resume, end)),
        ("postgres cut", end => DuringAsync(() => Cut(environment.ToPostgres), environment.ToPostgres.AcceptNew, end)),
        ("postgres black hole", end => DuringAsync(environment.ToPostgres.BlackHole, () => Recover(environment.ToPostgres), end)),
        ("postgres slow", end => DuringAsync(
            () => environment.ToPostgres.FromServer.Latency = SlowPostgres,
            () => environment.ToPostgres.FromServer.Latency = default,
            end)),
        ("both stores killed", end => DuringAsync(
            () => { environment.Redis.Kill(); environment.Postgres.Kill(); },
            () => Task.WhenAll(environment.Redis.RestartAsync(), environment.Postgres.RestartAsync()),
            end)),
        ("both stores and provider away", end => DuringAsync(BeginSilence, EndSilence, end)),
        ("provider slow", end => SpoilAsync(SoakProvider.Slow, end)),
        ("provider 503", end => SpoilAsync(SoakProvider.Unavailable, end)),
        ("provider 429", end => SpoilAsync(SoakProvider.Limited, end)),
        ("provider garbled", end => SpoilAsync(reply => reply with { Fault = FaultType.MALFORMED_RESPONSE_CHUNK }, end)),
        ("provider empty", end => SpoilAsync(reply => reply with { Fault = FaultType.EMPTY_RESPONSE }, end)),
        ("gateway killed", end => GatewayAsync(Killable(), one => one.Gateway.Kill(), one => one.RestartAsync(), end)),
        (
            "gateway stopped",
            end => GatewayAsync(Any(), one => one.Gateway.Suspend(), one => { one.Gateway.Resume(); return Task.CompletedTask; }, end)),
        ("refresher frozen", FreezeRefresherAsync),
        ("gateway ended", end => GatewayAsync(Killable(), End, one => one.RestartAsync(), end)),
    ];

    private void BeginSilence()
    {
        environment.Redis.Suspend();
        environment.Postgres.Suspend();
        environment.Provider.Spoils = SoakProvider.Unavailable;
    }

    private void EndSilence()
    {
        environment.Redis.Resume();
        environment.Postgres.Resume();
        environment.Provider.Spoils = null;
    }

    /// <summary>As a deployment does: what is under way is finished, and the exit code says so.</summary>
    private void End(SoakReplica one)
    {
        var ending = one.Gateway.TerminateAsync();
        _ = ending.ContinueWith(
            task =>
            {
                if (!task.IsCompletedSuccessfully || task.Result != 0) environment.Model.Violate(
                    "P5", $"a gateway that was told to end did so with {(task.IsCompletedSuccessfully ? task.Result : "nothing")}");
            },
            TaskScheduler.Default);
        one.Ending = ending;
    }
}
