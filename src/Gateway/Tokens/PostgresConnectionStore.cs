using Dapper;
using FathomGateway.Tokens.Schema;
using FathomGateway.Users;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>Connections in PostgreSQL, shared by all replicas.</summary>
internal sealed partial class PostgresConnectionStore(NpgsqlDataSource database, SchemaReadiness schema) : IConnectionStore
{
    private const string WritableSql = """
        SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
               AND has_table_privilege('fathom_connections', 'SELECT, INSERT') AND has_table_privilege('fathom_connections', 'UPDATE')
        """;

    /// <summary>How long proving may take in all; a user is waiting, and nothing is spent yet.</summary>
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromSeconds(3);

    private const string Columns = """
        grant_id AS GrantId, version AS Version, access_token AS AccessToken, refresh_token AS RefreshToken, scope AS Scope,
        connected_at AS ConnectedAt, issued_at AS IssuedAt, expires_at AS ExpiresAt, reconnect_reason AS ReconnectReason, reconnect_at AS ReconnectAt
        """;

    private const string FindSql = $"SELECT {Columns} FROM fathom_connections WHERE user_id = @UserId";

    public async Task EnsureWritableAsync(CancellationToken cancel)
    {
        if (!await WithinAsync(ProofTimeout, IsWritableAsync(cancel), cancel)) throw new ConnectionStoreUnavailableException("The database takes no writes from this user.");
    }

    private async Task<bool> IsWritableAsync(CancellationToken cancel)
    {
        Task<bool> Ask() => AskTwiceAsync(connection => connection.ExecuteScalarAsync<bool>(new CommandDefinition(WritableSql, cancellationToken: cancel)), cancel);
        if (await Ask()) return true;

        // A former primary that has come back as a standby: the pool leads to it still.
        database.Clear();
        return await Ask();
    }

    public async Task<Connection?> FindAsync(UserId userId, CancellationToken cancel)
    {
        var command = new CommandDefinition(FindSql, new { UserId = userId.Value }, cancellationToken: cancel);
        return (await AskAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(command), cancel))?.ToConnection(userId);
    }

    /// <summary>The driver's own limits add up: connecting, the command, and cancelling it.</summary>
    private static async Task<T> WithinAsync<T>(TimeSpan limit, Task<T> work, CancellationToken cancel)
    {
        try
        {
            return await work.WaitAsync(limit, cancel);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL did not answer in time.", failure);
        }
    }

    /// <summary>For what may be repeated: after a restart or a fail-over of the database the pool holds connections that are dead and do not know it. A new one that could not be opened is no such case.</summary>
    private async Task<T> AskTwiceAsync<T>(Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel)
    {
        var opened = false;
        try
        {
            return await AskAsync(
                connection =>
                {
                    opened = true;
                    return command(connection);
                },
                cancel);
        }
        catch (ConnectionStoreUnavailableException failure) when (opened && failure.InnerException is NpgsqlException { IsTransient: true })
        {
            database.Clear();
            return await AskAsync(command, cancel);
        }
    }

    private Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel) => database.AskAsync(schema, command, cancel);
}
