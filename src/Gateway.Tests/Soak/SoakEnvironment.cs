using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// Three gateways, their stores behind proxies that can cut, the provider, and the backend. Redis keeps a log of what it is told, so
/// that its death loses nothing.
/// </summary>
internal sealed class SoakEnvironment : IAsyncDisposable
{
    public const int Replicas = 3;

    private SoakEnvironment() => Backend = new SoakBackend(Model, since => Gateways.Any(one => one.IsExcused(since)));

    public PostgresServer Postgres { get; private init; } = null!;

    public RedisServer Redis { get; private init; } = null!;

    public FaultProxy ToPostgres { get; private init; } = null!;

    private RawServer SilentHost { get; } = RawServer.Start(RawResponse.Silence);

    public FaultProxy ToRedis { get; private init; } = null!;

    public SoakBackend Backend { get; }

    public SoakProvider Provider { get; } = new();

    public SoakEvents Events { get; } = new();

    /// <summary>The database that all share, by the way that is never cut.</summary>
    public string Database { get; private set; } = "";

    public SoakReplica[] Gateways { get; private set; } = [];

    public SoakModel Model { get; } = new();

    public static async Task<SoakEnvironment> StartAsync()
    {
        var (postgres, redis) = (await PostgresServer.StartAsync(), await RedisServer.StartAsync("--appendonly", "yes"));
        var environment = new SoakEnvironment
        {
            Postgres = postgres,
            Redis = redis,
            ToPostgres = FaultProxy.Start(postgres.Port),
            ToRedis = FaultProxy.Start(redis.Port),
        };
        environment.Database = await postgres.CreateDatabaseAsync();
        // The first of two hosts takes connections and says nothing, all the time.
        var database = $"Host=127.0.0.1:{environment.SilentHost.Address.Port},127.0.0.1:{environment.ToPostgres.Port};"
            + $"Username=postgres;Database={PostgresTestDatabase.NameOf(environment.Database)}";
        var settings = TestSettings.OnRealStores(
            $"redis://127.0.0.1:{environment.ToRedis.Port}",
            database,
            [
                .. environment.Provider.Settings, .. environment.Events.Settings,
                ("BACKEND_URL", environment.Backend.Address), ("FATHOM_TOKEN_BUDGET", "0"), ("PUBLIC_STATUS", "true"),
            ]);
        environment.Provider.CodeReused = code => environment.Model.Violate("P3", $"{code} was sent twice");
        environment.Provider.Reused = environment.Lost;
        environment.Gateways = await Task.WhenAll(Enumerable.Range(0, Replicas).Select(_ => SoakReplica.StartAsync(settings)));
        await Readiness.OfStoresAsync(environment.Gateways[0].Gateway.InternalClient);
        await RecordedChanges.BeginAsync(TokenDatabase.At(environment.Database));
        return environment;
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
