using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tests.Tokens;

/// <summary>A database that answers every command by script, and counts the commands.</summary>
internal sealed class ScriptedDatabase : Database
{
    private int _asked;

    public Func<Task<TimeSpan?>> Answer { get; set; } = () => Task.FromResult<TimeSpan?>(null);

    public int Asked => _asked;

    public override string Now => "";

    public override string SkipLocked => "";

    public override string AnyOf(string parameter) => "";

    public override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, TimeSpan limit, CancellationToken cancel) => AnswerAsync<T>();

    public override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> command, CancellationToken cancel) => AnswerAsync<T>();

    public override Task<T> LockAsync<T>(
        string lockSql,
        SqlParameters? parameters,
        Func<DbConnection, DbTransaction, Task<T>> work,
        TimeSpan limit,
        CancellationToken cancel,
        Func<T, (string Sql, SqlParameters Parameters)?>? last = null) =>
        AnswerAsync<T>();

    public override Task EnsureWritableAsync(CancellationToken cancel) => AnswerAsync<TimeSpan?>();

    private async Task<T> AnswerAsync<T>()
    {
        Interlocked.Increment(ref _asked);
        return await Answer() is T answer ? answer : default!;
    }
}
