using System.Data;
using System.Data.Common;
using System.Diagnostics;
using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.ConnectionStrings;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>A process that freezes in a transaction, like one whose host has vanished, keeps its locks for ten seconds.</summary>
public sealed class FrozenTransactionTests(RealStores stores) : IAsyncDisposable
{
    private const string IdleLimitSql = "SHOW idle_in_transaction_session_timeout";

    /// <summary>Waits until the sessions have ended.</summary>
    private const string EndSessionsSql = """
        SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly List<PostgresHosts> _hosts = [];
    private string? _url;

    public static TheoryData<string> Locks => [Database.UserLock, Database.RowLock, Database.BudgetLock, EventOutbox.NoLock];

    [Theory]
    [MemberData(nameof(Locks))]
    public async Task Every_lock_limits_the_pauses_of_its_own_transaction_alone(string lockSql)
    {
        var replica = await ReplicaAsync();

        var during = await replica.LockAsync(
            lockSql,
            Ann,
            (connection, transaction) => connection.FindAsync(IdleLimitSql, null, row => row.GetString(0), transaction, Cancel),
            Database.StoreTimeout,
            Cancel);

        Assert.Equal("10s", during);
        Assert.Equal("0", await replica.FindAsync(IdleLimitSql, null, row => row.GetString(0), Cancel));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_replica_that_is_frozen_in_a_transaction_blocks_its_user_for_ten_seconds_F16()
    {
        var (replica, other) = (await ReplicaAsync(), new ConnectionStore(await ReplicaAsync()));
        TaskCompletionSource locked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var frozen = replica.LockAsync(
            Database.UserLock,
            Ann,
            async (connection, transaction) =>
            {
                locked.SetResult();
                await awake.Task;
                return await connection.ExecuteAsync("DELETE FROM fathom_connections", null, transaction, Cancel);
            },
            Timeout.InfiniteTimeSpan,
            Cancel);
        await await Task.WhenAny(locked.Task, frozen);
        var since = Stopwatch.GetTimestamp();

        var tokens = ConnectionRows.Issued(Some.User("ann"), new SealedToken("v1:k:a"));
        await Eventually.BecomesTrueAsync(
            async () => await other.StoreAsync(tokens, Cancel) == StoreResult.Stored, Soon, "the other replica changes the user");

        Assert.InRange(Stopwatch.GetElapsedTime(since), PostgresDatabase.MaxIdle / 2, PostgresDatabase.MaxIdle * 3);
        awake.SetResult();
        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => frozen);
        Assert.NotNull(await other.FindAsync(Some.User("ann"), Cancel));
    }

    /// <summary>With Keepalive the driver notices the end between two statements.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("?Keepalive=1", false)]
    [InlineData("?Keepalive=1", true)]
    public async Task A_session_that_the_server_ends_in_a_transaction_is_an_unavailable_database(string parameters, bool isCommitted)
    {
        var replica = await ReplicaAsync(parameters);

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => replica.LockAsync(
            Database.UserLock, Ann, EndAsync, Timeout.InfiniteTimeSpan, Cancel));

        async Task<int> EndAsync(DbConnection connection, DbTransaction transaction)
        {
            await PostgresTestDatabase.QueryAsync(_url!, EndSessionsSql);
            if (parameters.Length > 0)
            {
                await Eventually.BecomesTrueAsync(() => connection.State != ConnectionState.Open, Soon, "the driver notices");
            }

            return isCommitted ? 0 : await connection.ExecuteAsync("SELECT 1", null, transaction, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosts in _hosts) await hosts.DisposeAsync();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static SqlParameters Ann => new() { ["UserId"] = "ann" };

    /// <summary>Once the schema is there: a migration may take longer than a statement waits for it.</summary>
    private async Task<Database> ReplicaAsync(string parameters = "")
    {
        _url ??= await stores.NewDatabaseAsync();
        var hosts = new PostgresHosts(PostgresConnectionString.Read(TestSettings.Reader(), _url + parameters)!, NullLoggerFactory.Instance);
        _hosts.Add(hosts);
        var replica = MigratingDatabase.Of(hosts);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await replica.EnsureWritableAsync(Cancel);
                return true;
            },
            Soon,
            "the schema is there");
        return replica;
    }
}
