using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens;

/// <summary>Changes with their events. Change and event are in one transaction: neither is there without the other.</summary>
internal sealed partial class ConnectionStore
{
    private const string MarkSql = "SELECT reconnect_reason FROM fathom_connections WHERE user_id = @UserId";

    /// <summary>Changes a row under a lock, and writes the event that tells of it.</summary>
    /// <param name="lockSql">
    /// <see cref="Database.UserLock"/> where the user may have no row yet: then a connect and a disconnect of one user cannot overlook each
    /// other, since each statement sees what was committed before it began.
    /// </param>
    /// <param name="sql">Returns the changed row, if any.</param>
    /// <param name="type">
    /// Type of the event, by the changed row and whether it asked for a reconnect before; null where no event tells of the change.
    /// </param>
    /// <param name="changing">
    /// Is given the changed row before the commit, whose answer may be lost; null where nothing was changed.
    /// </param>
    /// <returns>The changed row; null where nothing was changed.</returns>
    private async Task<Connection?> ChangeAsync(
        string lockSql, string sql, SqlParameters parameters, Func<Connection, bool, string?> type, TimeSpan limit,
        CancellationToken cancel, Action<Connection?>? changing = null)
    {
        var (changed, isTold) = await database.LockAsync(
            lockSql,
            parameters,
            async (connection, transaction) =>
            {
                var wasMarked = events is not null
                    && await connection.FindAsync(MarkSql, parameters, mark => mark.GetStringOrNull(0), transaction, cancel) is not null;
                var row = await connection.FindAsync(sql, parameters, Connection.Read, transaction, cancel);
                changing?.Invoke(row);
                if (events is null || row is null || type(row, wasMarked) is not { } name) return (row, false);
                await events.WriteAsync(connection, transaction, name, row, cancel);
                return (row, true);
            },
            limit,
            cancel);
        if (isTold) events!.Wake();
        return changed;
    }

    /// <summary>Changes a row that is there. Without events, one statement does.</summary>
    /// <inheritdoc cref="ChangeAsync"/>
    private Task<Connection?> ChangeRowAsync(
        string sql, SqlParameters parameters, Func<Connection, bool, string?> type, CancellationToken cancel) => events is null
        ? database.WriteAsync(connection => connection.FindAsync(sql, parameters, Connection.Read, cancel: cancel), cancel)
        : ChangeAsync(Database.RowLock, sql, parameters, type, Database.StoreTimeout, cancel);
}
