using Dapper;
using FathomGateway.Tokens.Schema;
using FathomGateway.Users;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens;

/// <summary>Connections of a single replica, in a SQLite file: written ahead (WAL) and synced to disk at every commit.</summary>
internal sealed partial class SqliteConnectionStore(SqliteDatabase database, SchemaReadiness schema) : IConnectionStore
{
    private const string Now = "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

    private const string Columns = """
        grant_id AS GrantId, version AS Version, access_token AS AccessToken, refresh_token AS RefreshToken, scope AS Scope,
        connected_at AS ConnectedAt, issued_at AS IssuedAt, expires_at AS ExpiresAt, reconnect_reason AS ReconnectReason, reconnect_at AS ReconnectAt
        """;

    private const string FindSql = $"SELECT {Columns} FROM fathom_connections WHERE user_id = @UserId";

    public async Task EnsureWritableAsync(CancellationToken cancel)
    {
        EnsureRoom();
        // Taking and giving back the write lock.
        await WriteAsync(connection => connection.ExecuteAsync(new CommandDefinition("BEGIN IMMEDIATE; ROLLBACK", cancellationToken: cancel)), cancel);
    }

    public Task<Connection?> FindAsync(UserId userId, CancellationToken cancel) => RowAsync(FindSql, userId, cancel);

    private async Task<Connection?> RowAsync(string sql, UserId userId, CancellationToken cancel)
    {
        var row = await ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(sql, new { UserId = userId.Value }, cancellationToken: cancel)), cancel);
        return row?.ToConnection(userId);
    }

    /// <summary>On a full disk the write lock is still to be had, and a small write may find room where the next one does not: what is about to be spent could not be replaced.</summary>
    private void EnsureRoom()
    {
        if (!database.HasRoom()) throw new ConnectionStoreUnavailableException("The disk of DATA_DIR is full.");
    }

    private async Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> query, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        return await database.ReadAsync(query, cancel);
    }

    private async Task<T> WriteAsync<T>(Func<SqliteConnection, Task<T>> command, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        return await database.WriteAsync(command, cancel);
    }
}
