using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>The faults, each with what ends it.</summary>
internal sealed class SoakFaults(SoakWorld world, Random random)
{
    /// <summary>Shorter and longer than the save of an issued token is retried.</summary>
    private static readonly int[] Seconds = [3, 6, 14];

    private readonly (string Name, Func<CancellationToken, Task> Run)[] _all = [];

    public SoakFaults(SoakWorld world, int seed)
        : this(world, new Random(seed)) => _all =
        [
            ("redis killed", end => DuringAsync(world.Redis.Kill, world.Redis.RestartAsync, end)),
            ("redis stopped", end => DuringAsync(world.Redis.Suspend, world.Redis.Resume, end)),
            ("redis cut", end => DuringAsync(() => Cut(world.ToRedis), world.ToRedis.AcceptNew, end)),
            ("redis black hole", end => DuringAsync(world.ToRedis.BlackHole, () => Mend(world.ToRedis), end)),
            ("postgres killed", end => DuringAsync(world.Postgres.Kill, world.Postgres.RestartAsync, end)),
            ("postgres stopped", end => DuringAsync(world.Postgres.Suspend, world.Postgres.Resume, end)),
            ("postgres cut", end => DuringAsync(() => Cut(world.ToPostgres), world.ToPostgres.AcceptNew, end)),
            ("both stores killed", end => DuringAsync(() => { world.Redis.Kill(); world.Postgres.Kill(); }, () => Task.WhenAll(world.Redis.RestartAsync(), world.Postgres.RestartAsync()), end)),
            ("provider slow", end => SpoilAsync(SoakProvider.Slow, end)),
            ("provider 503", end => SpoilAsync(SoakProvider.Unavailable, end)),
            ("provider 429", end => SpoilAsync(SoakProvider.Limited, end)),
            ("provider garbled", end => SpoilAsync(SoakProvider.Garbled, end)),
            ("gateway killed", end => GatewayAsync(one => one.Gateway.Kill(), one => one.RestartAsync(), end)),
            ("gateway stopped", end => GatewayAsync(one => one.Gateway.Suspend(), one => { one.Gateway.Resume(); return Task.CompletedTask; }, end)),
        ];

    /// <summary>One of them, from its beginning to its end.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> RunAsync(CancellationToken end)
    {
        var (name, run) = _all[random.Next(_all.Length)];
        world.Model.Count($"fault: {name}");
        await run(end);
        return name;
    }

    private Task DuringAsync(Action begin, Action end, CancellationToken cancel) => DuringAsync(begin, () => { end(); return Task.CompletedTask; }, cancel);

    private async Task DuringAsync(Action begin, Func<Task> end, CancellationToken cancel)
    {
        begin();
        // The soak's end cuts a fault short, and never leaves one behind.
        await Task.Delay(TimeSpan.FromSeconds(Seconds[random.Next(Seconds.Length)]), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end();
    }

    private Task SpoilAsync(Func<TokenReply, TokenReply> spoils, CancellationToken cancel) =>
        DuringAsync(() => world.Provider.Spoils = spoils, () => world.Provider.Spoils = null, cancel);

    private Task GatewayAsync(Action<SoakReplica> begin, Func<SoakReplica, Task> end, CancellationToken cancel)
    {
        var one = world.Gateways[random.Next(world.Gateways.Length)];
        return DuringAsync(
            () =>
            {
                one.Spoil();
                begin(one);
            },
            async () =>
            {
                await end(one);
                one.Heal();
            },
            cancel);
    }

    private static void Cut(FaultProxy proxy)
    {
        proxy.RefuseNew();
        proxy.Reset();
    }

    /// <summary>What fell into the hole is gone, as it is once a middlebox is replaced.</summary>
    private static void Mend(FaultProxy proxy)
    {
        proxy.Heal();
        proxy.Reset();
    }
}
