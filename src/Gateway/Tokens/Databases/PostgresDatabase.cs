using System.Data.Common;
using FathomGateway.Tokens.Schema;

namespace FathomGateway.Tokens.Databases;

/// <summary>PostgreSQL, shared by all replicas.</summary>
internal sealed partial class PostgresDatabase(PostgresHosts hosts, SchemaReadiness schema) : Database, IDisposable
{
    /// <summary>
    /// How long a reader stands in line, which moves by a read of one row at a time. Longer than the pool's own wait, which is meant for a
    /// pool that leaks.
    /// </summary>
    private static readonly TimeSpan LongestLine = TimeSpan.FromSeconds(10);

    /// <summary>How long proving may take in all; a user is waiting, and nothing is spent yet.</summary>
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Readers at once: half of the pool, so that a crowd of them leaves the other half to connects and saves.</summary>
    private readonly SemaphoreSlim _readers = new(hosts.MostConnections / 2, hosts.MostConnections / 2);

    public override string Now => "clock_timestamp()";

    /// <summary>
    /// One of PostgreSQL's advisory locks: a user who has neither a connection nor a disconnect has no row that could be locked. The seed
    /// keeps other applications' locks apart.
    /// </summary>
    public override string UserLock => "SELECT pg_advisory_xact_lock(hashtextextended(@UserId, 112888))";

    public override string RowLock => "SELECT 1 FROM fathom_connections WHERE user_id = @UserId FOR UPDATE";

    public override string BudgetLock => "SELECT 1 FROM fathom_token_pause FOR UPDATE";

    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string AnyOf(string parameter) => $"= ANY(@{parameter})";

    public override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, TimeSpan limit, CancellationToken cancel) =>
        AskAsync(attempt => query(attempt.Connection), limit, cancel);

    public override async Task<T> ReadInLineAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancel)
    {
        if (!await _readers.WaitAsync(LongestLine, cancel))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL did not answer those who asked before in time.");
        }

        try
        {
            return await ReadAsync(query, StoreTimeout, cancel);
        }
        finally
        {
            _readers.Release();
        }
    }

    public override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> command, CancellationToken cancel) =>
        AskAsync(attempt => command(attempt.Connection), StoreTimeout, cancel);

    public override Task<T> LockAsync<T>(
        string lockSql, SqlParameters? parameters, Func<DbConnection, DbTransaction, Task<T>> work, TimeSpan limit,
        CancellationToken cancel) => AskAsync(
        async attempt =>
        {
            await using var transaction = await attempt.Connection.BeginTransactionAsync(cancel);
            await attempt.Connection.ExecuteAsync(lockSql, parameters, transaction, cancel);
            attempt.HasBegun = true;
            var result = await work(attempt.Connection, transaction);
            await transaction.CommitAsync(cancel);
            return result;
        },
        limit,
        cancel);

    public override async Task EnsureWritableAsync(CancellationToken cancel)
    {
        try
        {
            await ProveAsync(cancel).WaitAsync(ProofTimeout, cancel);
        }
        catch (TimeoutException failure)
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL did not answer in time.", failure);
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
    }

    private async Task ProveAsync(CancellationToken cancel)
    {
        var rights = await RightsAsync(cancel);
        if (rights.TakesNoWrites)
        {
            // A former primary that has come back as a standby: the pool leads to it still.
            hosts.Reset();
            rights = await RightsAsync(cancel);
        }

        if (rights.Fault is not { } fault) return;
        if (rights.LacksSchema) schema.Doubt();
        throw new ConnectionStoreUnavailableException(fault);
    }

    private async Task<PostgresRights> RightsAsync(CancellationToken cancel) => (await AskAsync(
        attempt => attempt.Connection.FindAsync(PostgresRights.Sql, null, PostgresRights.Read, cancel: cancel), ProofTimeout, cancel))!;

    /// <summary>The driver's own limits add up: connect, command, cancel. What is given up here may be carried out all the same.</summary>
    private async Task<T> AskAsync<T>(Func<Attempt, Task<T>> work, TimeSpan limit, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        var attempt = new Attempt();
        try
        {
            return await TwiceAsync(attempt, work, cancel).WaitAsync(limit, cancel);
        }
        catch (TimeoutException failure)
        {
            attempt.Session?.Host.MarkUnavailable();
            throw new ConnectionStoreUnavailableException("PostgreSQL did not answer in time.", failure);
        }
        catch (Exception failure) when (PostgresFaults.IsOne(failure))
        {
            throw new ConnectionStoreUnavailableException("PostgreSQL could not serve.", failure);
        }
    }
}
