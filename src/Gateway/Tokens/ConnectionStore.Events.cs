using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens;

/// <summary>Changes rows and writes their events. A change and its event are committed in one transaction.</summary>
internal sealed partial class ConnectionStore
{
    /// <summary>Changes a row under a lock and writes the event of the change.</summary>
    /// <param name="lockSql">
    /// <see cref="Database.UserLock"/> where the user may have no row yet. It serializes a connect and a disconnect of one user: each
    /// statement sees only what was committed before it began.
    /// </param>
    /// <param name="sql">Returns the changed row, if any.</param>
    /// <param name="locked">Called when the lock is held, before the change. It may set parameters.</param>
    /// <param name="type">Type of the event, by the changed row.</param>
    /// <param name="changing">
    /// Called before the commit, whose answer may be lost, with the changed row; with null where nothing was changed.
    /// </param>
    /// <returns>The changed row; null where nothing was changed.</returns>
    private async Task<Connection?> ChangeAsync(
        string lockSql, string sql, SqlParameters parameters, Func<Connection, string> type, TimeSpan limit, CancellationToken cancel,
        Action<Connection?>? changing = null, Action? locked = null)
    {
        var changed = await database.LockAsync(
            lockSql,
            parameters,
            async (connection, transaction) =>
            {
                locked?.Invoke();
                var row = await connection.FindAsync(sql, parameters, Connection.Read, transaction, cancel);
                changing?.Invoke(row);
                return row;
            },
            limit,
            cancel,
            row => events is not null && row is not null ? events.Insert(type(row), row) : null);
        if (changed is not null) events?.Wake();
        return changed;
    }

    /// <summary>Changes an existing row. Without an event, one statement is enough.</summary>
    /// <param name="type">Type of the event; null for a change without an event.</param>
    private Task<Connection?> ChangeRowAsync(string sql, SqlParameters parameters, string? type, CancellationToken cancel) =>
        events is null || type is null
            ? database.WriteAsync(connection => connection.FindAsync(sql, parameters, Connection.Read, cancel: cancel), cancel)
            : ChangeAsync(Database.RowLock, sql, parameters, _ => type, Database.StoreTimeout, cancel);
}
