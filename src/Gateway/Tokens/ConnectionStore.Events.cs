using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens;

/// <summary>Changes that an event tells of. Change and event are of one transaction: neither is there without the other.</summary>
internal sealed partial class ConnectionStore
{
    private const string MarkSql = "SELECT reconnect_reason FROM fathom_connections WHERE user_id = @UserId";

    /// <summary>
    /// Changes the row of a user, who may have none yet, after the user's lock. Each statement sees what was committed before it began, so
    /// that a connect and a disconnect of one user cannot overlook each other.
    /// </summary>
    /// <param name="sql">Returns the row that it has changed, if any.</param>
    /// <param name="type">Names the event that tells of the change.</param>
    /// <returns>The changed row; null where nothing was changed.</returns>
    private Task<Connection?> ChangeUserAsync(
        string sql, SqlParameters parameters, Func<Connection, string> type, TimeSpan limit, CancellationToken cancel) => TellAsync(
        database.UserLock,
        parameters,
        async (connection, transaction) =>
        {
            var row = await connection.FindAsync(sql, parameters, Connection.Read, transaction, cancel);
            return (row, row is null ? null : type(row));
        },
        limit,
        cancel);

    /// <summary>Changes a row that is there. Where no event tells of it, one statement does.</summary>
    /// <param name="type">Names the event, by whether the row asked for a reconnect before; null where it is none.</param>
    /// <inheritdoc cref="ChangeUserAsync"/>
    private Task<Connection?> ChangeRowAsync(string sql, SqlParameters parameters, Func<bool, string?> type, CancellationToken cancel) =>
        events is null ? database.ChangeAsync(sql, parameters, Connection.Read, cancel) : TellAsync(
            database.RowLock,
            parameters,
            async (connection, transaction) =>
            {
                // The lock is the row's: the mark stays as it is read until the transaction ends.
                var mark = await connection.FindAsync(MarkSql, parameters, found => found.GetStringOrNull(0), transaction, cancel);
                var row = await connection.FindAsync(sql, parameters, Connection.Read, transaction, cancel);
                return (row, type(mark is not null));
            },
            Database.StoreTimeout,
            cancel);

    private async Task<Connection?> TellAsync(
        string lockSql,
        SqlParameters parameters,
        Func<DbConnection, DbTransaction, Task<(Connection? Row, string? Type)>> change,
        TimeSpan limit,
        CancellationToken cancel)
    {
        var (changed, told) = await database.LockAsync(
            lockSql,
            parameters,
            async (connection, transaction) =>
            {
                var (row, type) = await change(connection, transaction);
                var isTold = events is not null && row is not null && type is not null;
                if (isTold) await events!.WriteAsync(connection, transaction, type!, row!, cancel);
                return (row, isTold);
            },
            limit,
            cancel);
        if (told) events!.Wake();
        return changed;
    }
}
