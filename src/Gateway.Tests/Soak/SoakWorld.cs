using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// Three gateways, their stores behind proxies that can cut, the provider, and the backend. Redis keeps a log of what it is told, so
/// that its death loses nothing.
/// </summary>
internal sealed class SoakWorld : IAsyncDisposable
{
    public const int Replicas = 3;

    private SoakWorld() => Backend = new SoakBackend(Model, since => Gateways.Any(one => one.IsExcused(since)));

    public PostgresServer Postgres { get; private init; } = null!;

    public RedisServer Redis { get; private init; } = null!;

    public FaultProxy ToPostgres { get; private init; } = null!;

    private RawServer SilentHost { get; } = RawServer.Start(RawAnswer.Silence);

    public FaultProxy ToRedis { get; private init; } = null!;

    public SoakBackend Backend { get; }

    public SoakProvider Provider { get; } = new();

    public SoakEvents Events { get; } = new();

    /// <summary>The database that all share, by the way that is never cut.</summary>
    public string Database { get; private set; } = "";

    public SoakReplica[] Gateways { get; private set; } = [];

    public SoakModel Model { get; } = new();

    public static async Task<SoakWorld> StartAsync()
    {
        var (postgres, redis) = (await PostgresServer.StartAsync(), await RedisServer.StartAsync("--appendonly", "yes"));
        var world = new SoakWorld
        {
            Postgres = postgres,
            Redis = redis,
            ToPostgres = FaultProxy.Start(postgres.Port),
            ToRedis = FaultProxy.Start(redis.Port),
        };
        world.Database = await postgres.CreateDatabaseAsync();
        // The first of two hosts takes connections and says nothing, all the time.
        var database = $"Host=127.0.0.1:{world.SilentHost.Address.Port},127.0.0.1:{world.ToPostgres.Port};"
            + $"Username=postgres;Database={PostgresTestDatabase.NameOf(world.Database)}";
        var settings = TestSettings.OnRealStores(
            $"redis://127.0.0.1:{world.ToRedis.Port}",
            database,
            [.. world.Provider.Settings, .. world.Events.Settings, ("BACKEND_URL", world.Backend.Address), ("FATHOM_TOKEN_BUDGET", "0")]);
        world.Provider.CodeReused = code => world.Model.Violate("P3", $"{code} was sent twice");
        world.Provider.Reused = world.Lost;
        world.Gateways = await Task.WhenAll(Enumerable.Range(0, Replicas).Select(_ => SoakReplica.StartAsync(settings)));
        await Readiness.OfStoresAsync(world.Gateways[0].Gateway.InternalClient);
        await RecordedChanges.BeginAsync(world.Database);
        return world;
    }

    /// <summary>A token that was sent in full is lost only with a gateway that was ended, killed or frozen since then.</summary>
    private void Lost(string code, long? sentAt)
    {
        Model.Count("grants ended: a spent refresh token came again, because of the fault");
        if (sentAt is { } sent && !Gateways.Any(one => one.IsExcused(sent))) Model.Violate("P2", $"the newest tokens of {code} were lost");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in Gateways) await gateway.DisposeAsync();
        await ToPostgres.DisposeAsync();
        await SilentHost.DisposeAsync();
        await ToRedis.DisposeAsync();
        await Backend.DisposeAsync();
        Provider.Dispose();
        await Events.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
