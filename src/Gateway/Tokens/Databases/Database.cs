using System.Data.Common;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// The database, PostgreSQL or SQLite: how statements run, and the SQL in which the two differ. <see cref="DatabaseValues"/> converts
/// times, spans and ids.
/// </summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time.</remarks>
internal abstract class Database
{
    /// <summary>
    /// Time limit of one change of a row. Together with the exchange before it, it is shorter than the wait of a duplicate callback.
    /// </summary>
    public static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Locks the user <c>@UserId</c>. This is an advisory lock, because a user who has neither a connection nor a disconnect has no row to
    /// lock. The seed keeps it distinct from the locks of other applications.
    /// </summary>
    public const string UserLock = "SELECT pg_advisory_xact_lock(hashtextextended(@UserId, 112888))";

    /// <summary>Locks the row of the user <c>@UserId</c>, if there is one.</summary>
    public const string RowLock = "SELECT 1 FROM fathom_connections WHERE user_id = @UserId FOR UPDATE";

    /// <summary>Locks the budget of token calls.</summary>
    public const string BudgetLock = "SELECT 1 FROM fathom_token_pause FOR UPDATE";

    /// <summary>SQL: the database's clock.</summary>
    public abstract string Now { get; }

    /// <summary>SQL at the end of a SELECT: locks the rows, and skips rows that another transaction has locked.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>SQL after a column: whether its value is in the array of this parameter.</summary>
    public abstract string AnyOf(string parameter);

    /// <param name="cancel">Ends the wait for a connection. The query itself has to be given the token to be cancelled.</param>
    /// <param name="limit">For the whole call. SQLite ignores it.</param>
    public abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, TimeSpan limit, CancellationToken cancel);

    /// <summary>Runs a query that many callers may run at once. These queries leave half of the connections to other work.</summary>
    public virtual Task<T> ReadThrottledAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel) =>
        ReadAsync(query, StoreTimeout, cancel);

    /// <summary>
    /// Runs a query for one row that many callers run all the time, as <see cref="ReadThrottledAsync"/> does. PostgreSQL prepares it.
    /// </summary>
    public virtual Task<T?> FindPreparedAsync<T>(
        string sql, SqlParameters parameters, Func<DbDataReader, T> read, CancellationToken cancel) =>
        ReadThrottledAsync(connection => connection.FindAsync(sql, parameters, read, cancel: cancel), cancel);

    /// <summary>Runs one statement. It may be executed twice, where its answer was lost.</summary>
    public abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> command, CancellationToken cancel);

    /// <summary>
    /// Runs several statements in one transaction, after a lock. They are repeated only after a failure before the first of them. The lock
    /// also proves that the connection is alive.
    /// </summary>
    /// <param name="lockSql">
    /// Used by PostgreSQL, which holds the lock until the transaction ends. SQLite needs none, because it has one writer at a time.
    /// </param>
    /// <param name="parameters">For the lock.</param>
    /// <param name="limit">For the whole call. A later result is lost. SQLite ignores it.</param>
    /// <param name="last">
    /// The last statements of the transaction by the result of <paramref name="work"/>, or null. PostgreSQL executes them and the commit in
    /// one round trip.
    /// </param>
    public abstract Task<T> LockAsync<T>(
        string lockSql, SqlParameters? parameters, Func<DbConnection, DbTransaction, Task<T>> work, TimeSpan limit,
        CancellationToken cancel, Func<T, (string Sql, SqlParameters Parameters)?>? last = null);

    /// <summary>
    /// Proves that a connection could be stored now: the database answers, takes writes, has the schema of this release, and grants every
    /// right that is needed. It is called before a value that works only once is spent.
    /// </summary>
    public abstract Task EnsureWritableAsync(CancellationToken cancel);

    /// <summary>
    /// Throws if the disk of an embedded database is full. Called before a token is spent, because its replacement has to be written.
    /// </summary>
    public virtual void EnsureDiskSpace()
    {
    }

    /// <summary>Runs a query for one row; null where there is none.</summary>
    public Task<T?> FindAsync<T>(string sql, SqlParameters? parameters, Func<DbDataReader, T> read, CancellationToken cancel) =>
        ReadAsync(connection => connection.FindAsync(sql, parameters, read, cancel: cancel), StoreTimeout, cancel);

    public Task<int> ExecuteAsync(string sql, SqlParameters? parameters, CancellationToken cancel) =>
        WriteAsync(connection => connection.ExecuteAsync(sql, parameters, cancel: cancel), cancel);
}
