using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>A connection to one of the servers, and its slot among the connections that the server may have at once.</summary>
internal sealed class PostgresSession(PostgresHost host, NpgsqlConnection connection, SemaphoreSlim slots) : IAsyncDisposable
{
    public PostgresHost Host => host;

    public NpgsqlConnection Connection => connection;

    /// <summary>Whether all that was executed so far may be executed twice.</summary>
    public bool MayRepeat { get; set; } = true;

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
