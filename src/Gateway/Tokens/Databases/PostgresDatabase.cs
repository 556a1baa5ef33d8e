using System.Data.Common;
using FathomGateway.Tokens.Schema;

namespace FathomGateway.Tokens.Databases;

/// <summary>PostgreSQL, shared by all replicas.</summary>
internal sealed partial class PostgresDatabase(PostgresHosts hosts, SchemaReadiness schema) : Database, IDisposable
{
    /// <summary>
    /// How long a reader waits for earlier readers, each of which reads one row. It is longer than the wait for a pooled connection, which
    /// would take long only if the pool leaked.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>Time limit of <see cref="EnsureWritableAsync"/>. A user is waiting, and nothing is spent yet.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long PostgreSQL keeps a transaction whose process sends no statement. A host that vanished would hold its locks until TCP's
    /// keepalive ends the connection, which takes two hours. The pauses of a process that runs are shorter than
    /// <see cref="Database.StoreTimeout"/>.
    /// </summary>
    public static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(10);

    /// <summary>Belongs to the transaction, so that it also works behind a pooler. It is sent with the lock, in one round trip.</summary>
    private static readonly string MaxIdleSql = $"SET LOCAL idle_in_transaction_session_timeout = {(long)MaxIdle.TotalMilliseconds};";

    /// <summary>Limits concurrent readers to half of the pool. The other half is left to connects and saves.</summary>
    private readonly SemaphoreSlim _readers = new(hosts.MaxConnections / 2, hosts.MaxConnections / 2);

    public override string Now => "clock_timestamp()";

    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string AnyOf(string parameter) => $"= ANY(@{parameter})";

    public override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, TimeSpan limit, CancellationToken cancel) =>
        RunAsync(session => query(session.Connection), limit, cancel);

    public override Task<T> ReadThrottledAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel) =>
        RunThrottledAsync(session => query(session.Connection), cancel);

    /// <summary>A prepared statement is parsed and planned once for each connection, which is half of the work of such a query.</summary>
    public override Task<T?> FindPreparedAsync<T>(
        string sql, SqlParameters parameters, Func<DbDataReader, T> read, CancellationToken cancel)
        where T : default => RunThrottledAsync(
            async session => await session.Host.Pooler.IsAbsentAsync(session.Connection, cancel)
                ? await session.Connection.FindPreparedAsync(sql, parameters, read, cancel)
                : await session.Connection.FindAsync(sql, parameters, read, cancel: cancel),
            cancel);

    private async Task<T> RunThrottledAsync<T>(Func<PostgresSession, Task<T>> query, CancellationToken cancel)
    {
        if (!await _readers.WaitAsync(MaxWait, cancel))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL did not answer earlier readers in time.");
        }

        try
        {
            return await RunAsync(query, StoreTimeout, cancel);
        }
        finally
        {
            _readers.Release();
        }
    }

    public override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> command, CancellationToken cancel) =>
        RunAsync(session => command(session.Connection), StoreTimeout, cancel);

    public override Task<T> LockAsync<T>(
        string lockSql, SqlParameters? parameters, Func<DbConnection, DbTransaction, Task<T>> work, TimeSpan limit,
        CancellationToken cancel, Func<T, (string Sql, SqlParameters Parameters)?>? last = null) => RunAsync(
        async session =>
        {
            await using var transaction = await session.Connection.BeginTransactionAsync(cancel);
            await session.Connection.ExecuteAsync($"{MaxIdleSql} {lockSql}", parameters, transaction, cancel);
            session.MayRepeat = false;
            var result = await work(session.Connection, transaction);
            if (last?.Invoke(result) is var (sql, arguments))
            {
                // After a failed statement the server skips the rest, the commit included. The driver learns from the answer that the
                // transaction has ended.
                await session.Connection.ExecuteAsync($"{sql}; COMMIT", arguments, transaction, cancel);
            }
            else await transaction.CommitAsync(cancel);

            return result;
        },
        limit,
        cancel);

    public override async Task EnsureWritableAsync(CancellationToken cancel)
    {
        try
        {
            await CheckWritableAsync(cancel).WaitAsync(CheckTimeout, cancel);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL did not answer in time.", failure);
        }
    }

    public void Dispose() => _readers.Dispose();

    private async Task CheckWritableAsync(CancellationToken cancel)
    {
        var rights = await RightsAsync(cancel);
        if (rights.TakesNoWrites)
        {
            // The pool still leads to a former primary that has come back as a standby.
            hosts.Reset();
            rights = await RightsAsync(cancel);
        }

        if (rights.Fault is not { } fault) return;
        if (rights.LacksSchema) schema.Invalidate();
        throw new ConnectionStoreUnavailableException(fault);
    }

    private async Task<PostgresRights> RightsAsync(CancellationToken cancel) => (await RunAsync(
        session => session.Connection.FindAsync(PostgresRights.Sql, null, PostgresRights.Read, cancel: cancel), CheckTimeout, cancel))!;
}
