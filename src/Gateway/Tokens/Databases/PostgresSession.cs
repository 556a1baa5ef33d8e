using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>A connection to one of the servers, and its slot among those that this server is given at once.</summary>
internal sealed class PostgresSession(PostgresHost host, NpgsqlConnection connection, SemaphoreSlim slots) : IAsyncDisposable
{
    public PostgresHost Host => host;

    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            slots.Release();
        }
    }
}
