using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>One server and one pooler for a class of tests.</summary>
public sealed class Pooler : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private PgBouncer _bouncer = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _bouncer = await PgBouncer.StartAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _bouncer.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>An empty database, to be reached through the pooler.</summary>
    internal async Task<string> NewDatabaseAsync() => _bouncer.Through(await _server.CreateDatabaseAsync());
}
