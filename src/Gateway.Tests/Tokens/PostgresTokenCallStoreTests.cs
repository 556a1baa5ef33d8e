using System.Globalization;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.ConnectionStrings;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public abstract class PostgresTokenCallStoreContract(Func<Task<string>> newDatabase) : TokenCallStoreContract, IAsyncDisposable
{
    /// <summary>Of a machine that is busy with other tests.</summary>
    private const string LongTimeouts = "connect_timeout=60&Command%20Timeout=60";

    private readonly List<PostgresHosts> _hosts = [];
    private string? _url;

    [Fact]
    public async Task A_take_from_the_budget_waits_for_a_concurrent_one_and_sees_its_call()
    {
        var store = await ReplicaAsync();
        await using var other = await PostgresTestDatabase.OpenAsync(await UrlAsync());
        await using var transaction = await other.BeginTransactionAsync(Cancel);
        await using (var take = new NpgsqlCommand(
            "SELECT 1 FROM fathom_token_pause FOR UPDATE; INSERT INTO fathom_token_calls VALUES (clock_timestamp())", other, transaction))
        {
            await take.ExecuteNonQueryAsync(Cancel);
        }

        var taking = store.TakeAsync(1, Cancel);
        await Eventually.BecomesTrueAsync(
            async () => taking.IsCompleted || await IsWaitingAsync(), TimeSpan.FromSeconds(60), "it stands in line");
        await transaction.CommitAsync(Cancel);

        Assert.NotNull(await taking);
    }

    private async Task<bool> IsWaitingAsync() => await PostgresTestDatabase.LockWaitsAsync(await UrlAsync()) > 0;

    private protected override async Task<TokenCallStore> ReplicaAsync() => Open($"{await UrlAsync()}?{LongTimeouts}");

    private protected override Task<TokenCallStore> BrokenAsync() =>
        Task.FromResult<TokenCallStore>(Open($"postgresql://nobody@127.0.0.1:{FreePort.Next()}/nowhere"));

    private protected override async Task AgeAsync(TimeSpan by)
    {
        var interval = $"interval '{by.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s'";
        await PostgresTestDatabase.QueryAsync(
            await UrlAsync(),
            $"UPDATE fathom_token_calls SET called_at = called_at - {interval}; UPDATE fathom_exchanges SET called_at = called_at - "
                + $"{interval}; UPDATE fathom_token_pause SET paused_until = paused_until - {interval}");
    }

    private protected override async Task<long> RowsAsync() => (long)(await PostgresTestDatabase.QueryAsync(
        await UrlAsync(), "SELECT (SELECT count(*) FROM fathom_token_calls) + (SELECT count(*) FROM fathom_exchanges)"))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var hosts in _hosts) await hosts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<string> UrlAsync()
    {
        if (_url is not null) return _url;
        _url = await newDatabase();
        var connectionString = PostgresTestDatabase.ToNpgsql(_url);
        await using var hosts = new PostgresHosts(connectionString, NullLoggerFactory.Instance);
        await PostgresMigration.MigrateAsync(hosts);
        return _url;
    }

    private TokenCallStore Open(string url)
    {
        var connectionString = PostgresConnectionString.Read(TestSettings.Reader(), url)!;
        var hosts = new PostgresHosts(connectionString, NullLoggerFactory.Instance);
        _hosts.Add(hosts);
        return new TokenCallStore(
            new PostgresDatabase(hosts, new SchemaReadiness(() => Task.CompletedTask, NullLogger<SchemaReadiness>.Instance)));
    }
}

public sealed class PostgresTokenCallStoreTests(RealStores stores) : PostgresTokenCallStoreContract(stores.NewDatabaseAsync);

/// <summary>Through a pooler that hands each transaction to another session.</summary>
public sealed class PooledTokenCallStoreTests(
    Pooler pooler) : PostgresTokenCallStoreContract(pooler.NewDatabaseAsync), IClassFixture<Pooler>;
