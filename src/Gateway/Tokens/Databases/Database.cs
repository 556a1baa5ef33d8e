using System.Data.Common;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// The database that connections are kept in, PostgreSQL or SQLite: how it is asked, what its clock is called in SQL, and what locks a
/// user. The statements of both are the same; <see cref="DatabaseValues"/> writes and reads times, spans and ids as each keeps them.
/// </summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time.</remarks>
internal abstract class Database
{
    /// <summary>How long one change of a row may take: with the exchange before it, less than a duplicate delivery waits.</summary>
    public static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(4);

    /// <summary>SQL: the database's clock at this moment. No replica's own clock decides.</summary>
    public abstract string Now { get; }

    /// <summary>SQL that takes a lock on the user <c>@UserId</c>, whether or not the user has a row, until the transaction ends.</summary>
    public abstract string UserLock { get; }

    /// <summary>SQL that takes a lock on the row of the user <c>@UserId</c>, where there is one, until the transaction ends.</summary>
    public abstract string RowLock { get; }

    /// <summary>SQL that takes the lock of the app's budget of token calls until the transaction ends.</summary>
    public abstract string BudgetLock { get; }

    /// <summary>SQL at the end of a SELECT: takes the rows, and leaves out those that another transaction has.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>SQL after a column: whether its value is one of an array, which is this parameter.</summary>
    public abstract string AnyOf(string parameter);

    /// <summary>Asks for what changes nothing.</summary>
    /// <param name="cancel">Ends the wait for a connection. A command that may be cancelled as well carries the token itself.</param>
    /// <param name="limit">How long it may take in all.</param>
    public abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, TimeSpan limit, CancellationToken cancel);

    /// <summary>The same for readers of rows, who may be a crowd: they stand in a line that leaves connections to the others.</summary>
    public virtual Task<T> ReadInLineAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel) =>
        ReadAsync(query, StoreTimeout, cancel);

    /// <summary>Runs one statement that changes something, and that may be repeated where its answer was lost.</summary>
    public abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> command, CancellationToken cancel);

    /// <summary>
    /// Runs several statements in one transaction, after a lock. It is begun again only where it failed before the first of them: the lock
    /// also proves that the connection is alive.
    /// </summary>
    /// <param name="lockSql"><see cref="UserLock"/>, <see cref="RowLock"/> or <see cref="BudgetLock"/>.</param>
    /// <param name="parameters">Of the lock.</param>
    /// <param name="limit">How long it may take in all; what it brings after that is lost.</param>
    public abstract Task<T> LockAsync<T>(
        string lockSql, SqlParameters? parameters, Func<DbConnection, DbTransaction, Task<T>> work, TimeSpan limit, CancellationToken cancel);

    /// <summary>
    /// Proves that a connection could be stored now: the database answers, takes writes, has the schema of this release, and grants every
    /// right that is needed. Asked before anything that works only once is spent.
    /// </summary>
    public abstract Task EnsureWritableAsync(CancellationToken cancel);

    /// <summary>Before a token is spent whose replacement is a larger write: whether the disk has room for it, where it is ours.</summary>
    public virtual void EnsureRoom()
    {
    }

    /// <summary>The one row of a question, or null where there is none.</summary>
    public Task<T?> FindAsync<T>(string sql, SqlParameters? parameters, Func<DbDataReader, T> read, CancellationToken cancel) =>
        ReadAsync(connection => connection.FindAsync(sql, parameters, read, cancel: cancel), StoreTimeout, cancel);

    /// <summary>The one row that a statement has changed, or null where it has changed none.</summary>
    public Task<T?> ChangeAsync<T>(string sql, SqlParameters parameters, Func<DbDataReader, T> read, CancellationToken cancel) =>
        WriteAsync(connection => connection.FindAsync(sql, parameters, read, cancel: cancel), cancel);

    public Task<int> ExecuteAsync(string sql, SqlParameters? parameters, CancellationToken cancel) =>
        WriteAsync(connection => connection.ExecuteAsync(sql, parameters, cancel: cancel), cancel);
}
