using System.Data.Common;
using FathomGateway.Tokens.Schema;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens.Databases;

/// <summary>The SQLite file of a single replica.</summary>
internal sealed class SqliteDatabase(SqliteFile file, SchemaReadiness schema) : Database, IDisposable
{
    /// <summary>
    /// SQLite has one writer at a time, and waiting writers poll. One of many could wait for ever. So one writer of this process polls at a
    /// time, and the others wait in order.
    /// </summary>
    private readonly SemaphoreSlim _writer = new(1);

    public override string Now => "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

    /// <summary>Empty, because SQLite has one writing transaction at a time.</summary>
    public override string SkipLocked => "";

    public override string AnyOf(string parameter) => $"IN (SELECT value FROM json_each(@{parameter}))";

    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, TimeSpan limit, CancellationToken cancel)
    {
        await schema.EnsureAsync(cancel);
        try
        {
            // SQLite is synchronous and waits for the disk. It runs on another thread, because the caller may have a time limit.
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
        if (!await _writer.WaitAsync(TimeSpan.FromSeconds(SqliteFile.BusyTimeoutSeconds), cancel))
        {
            throw new ConnectionStoreUnavailableException("The SQLite file was locked by other writers for too long.");
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
        CancellationToken cancel, Func<T, (string Sql, SqlParameters Parameters)?>? last = null) => WriteAsync(
        async connection =>
        {
            // Immediate: the write lock is taken first, so that no transaction reads what another is about to change.
            await using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
            var result = await work(connection, transaction);
            if (last?.Invoke(result) is var (sql, arguments)) await connection.ExecuteAsync(sql, arguments, transaction, cancel);
            await transaction.CommitAsync(cancel);
            return result;
        },
        cancel);

    /// <summary>
    /// Takes the write lock and releases it. This also works on a full disk, so the free space of the disk is checked first.
    /// </summary>
    public override async Task EnsureWritableAsync(CancellationToken cancel)
    {
        EnsureDiskSpace();
        await WriteAsync(connection => connection.ExecuteAsync("BEGIN IMMEDIATE; ROLLBACK", cancel: cancel), cancel);
    }

    public override void EnsureDiskSpace()
    {
        if (!file.HasDiskSpace()) throw new ConnectionStoreUnavailableException("The disk of DATA_DIR is full.");
    }

    public void Dispose() => _writer.Dispose();
}
