using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens;

/// <summary>Changes with their events. Change and event are in one transaction: neither is there without the other.</summary>
internal sealed partial class ConnectionStore
{
    /// <summary>Changes a row under a lock, and writes the event that tells of it.</summary>
    /// <param name="lockSql">
    /// <see cref="Database.UserLock"/> where the user may have no row yet: then a connect and a disconnect of one user cannot overlook each
    /// other, since each statement sees what was committed before it began.
    /// </param>
    /// <param name="sql">Returns the changed row, if any.</param>
    /// <param name="type">Type of the event, by the changed row.</param>
    /// <param name="changing">
    /// Is given the changed row before the commit, whose answer may be lost; null where nothing was changed.
    /// </param>
    /// <returns>The changed row; null where nothing was changed.</returns>
    private async Task<Connection?> ChangeAsync(
        string lockSql, string sql, SqlParameters parameters, Func<Connection, string> type, TimeSpan limit, CancellationToken cancel,
        Action<Connection?>? changing = null)
    {
        var changed = await database.LockAsync(
            lockSql,
            parameters,
            async (connection, transaction) =>
            {
                var row = await connection.FindAsync(sql, parameters, Connection.Read, transaction, cancel);
                changing?.Invoke(row);
                if (events is not null && row is not null) await events.WriteAsync(connection, transaction, type(row), row, cancel);
                return row;
            },
            limit,
            cancel);
        if (changed is not null) events?.Wake();
        return changed;
    }

    /// <summary>Changes a row that is there. Without an event, one statement does.</summary>
    /// <param name="type">Type of the event; null where no event tells of the change.</param>
    private Task<Connection?> ChangeRowAsync(string sql, SqlParameters parameters, string? type, CancellationToken cancel) =>
        events is null || type is null
            ? database.WriteAsync(connection => connection.FindAsync(sql, parameters, Connection.Read, cancel: cancel), cancel)
            : ChangeAsync(Database.RowLock, sql, parameters, _ => type, Database.StoreTimeout, cancel);
}
