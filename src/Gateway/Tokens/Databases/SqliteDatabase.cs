using System.Data.Common;
using FathomGateway.Tokens.Schema;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens.Databases;

/// <summary>The SQLite file of a single replica.</summary>
internal sealed class SqliteDatabase(SqliteFile file, SchemaReadiness schema) : Database, IDisposable
{
    /// <summary>
    /// SQLite lets in one writer at a time, and whoever waits asks again every now and then: among many, one may come late every time. Of
    /// this process one writer asks at a time, and the others wait in a line.
    /// </summary>
    private readonly SemaphoreSlim _writer = new(1);

    public override string Now => "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

    /// <summary>Nothing: a transaction that is about to write is alone.</summary>
    public override string UserLock => "";

    public override string RowLock => "";

    public override string BudgetLock => "";

    public override string SkipLocked => "";

    public override string AnyOf(string parameter) => $"IN (SELECT value FROM json_each(@{parameter}))";

    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, TimeSpan limit, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        try
        {
            // SQLite knows no asynchronous work, and waits for the disk: not on a thread of the caller's, who may have a limit of time.
            return await Task.Run(
                async () =>
                {
                    await using var connection = file.Open();
                    return await query(connection);
                },
                cancel);
        }
        catch (SqliteException failure)
        {
            throw new ConnectionStoreUnavailableException("The SQLite file could not serve.", failure);
        }
    }

    public override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> command, CancellationToken cancel)
    {
        if (!await _writer.WaitAsync(TimeSpan.FromSeconds(SqliteFile.PatienceSeconds), cancel))
        {
            throw new ConnectionStoreUnavailableException("The SQLite file is written to by others all the time.");
        }

        try
        {
            return await ReadAsync(command, Timeout.InfiniteTimeSpan, cancel);
        }
        finally
        {
            _writer.Release();
        }
    }

    public override Task<T> LockAsync<T>(
        string lockSql, SqlParameters? parameters, Func<DbConnection, DbTransaction, Task<T>> work, TimeSpan limit,
        CancellationToken cancel) => WriteAsync(
        async connection =>
        {
            // Immediate: the write lock is taken first, so that nobody reads what another is about to change.
            await using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
            var result = await work(connection, transaction);
            await transaction.CommitAsync(cancel);
            return result;
        },
        cancel);

    /// <summary>
    /// By taking and giving back the write lock. On a full disk that still works, and a small write may find room where the next one does
    /// not: what is about to be spent could not be replaced.
    /// </summary>
    public override async Task EnsureWritableAsync(CancellationToken cancel)
    {
        EnsureRoom();
        await WriteAsync(connection => connection.ExecuteAsync("BEGIN IMMEDIATE; ROLLBACK", cancel: cancel), cancel);
    }

    public override void EnsureRoom()
    {
        if (!file.HasRoom()) throw new ConnectionStoreUnavailableException("The disk of DATA_DIR is full.");
    }

    public void Dispose() => _writer.Dispose();
}
