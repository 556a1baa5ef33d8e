using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.ConnectionStrings;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>The read of a row, which is prepared where the connection leads to PostgreSQL itself.</summary>
[Trait("Speed", "Slow")]
public sealed class PreparedReadTests(RealStores stores, Pooler pooler) : IClassFixture<Pooler>, IAsyncDisposable
{
    private PostgresHosts _hosts = null!;

    private static IssuedTokens Issued => ConnectionRows.Issued(Some.User("ann"), new SealedToken("v1:k:a"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_is_prepared_once_for_each_connection()
    {
        var store = await StoreAsync(await stores.NewDatabaseAsync() + "?Maximum%20Pool%20Size=2");

        for (var i = 0; i < 3; i++) Assert.NotNull(await store.FindAsync(Some.User("ann"), Cancel));

        Assert.Equal(1, await PreparedAsync());
    }

    [Fact]
    public async Task A_read_is_not_prepared_behind_a_pooler_F26()
    {
        var store = await StoreAsync(await pooler.NewDatabaseAsync());

        Assert.NotNull(await store.FindAsync(Some.User("ann"), Cancel));

        Assert.Equal(0, await PreparedAsync());
    }

    [Theory]
    [InlineData("DEALLOCATE ALL")]
    [InlineData("ALTER TABLE fathom_connections ALTER COLUMN scope TYPE varchar(2000)")]
    public async Task A_read_whose_prepared_statement_is_lost_or_invalid_succeeds(string statement)
    {
        var store = await StoreAsync(await stores.NewDatabaseAsync() + "?Maximum%20Pool%20Size=2");
        Assert.NotNull(await store.FindAsync(Some.User("ann"), Cancel));
        await ExecuteAsync(statement);

        Assert.NotNull(await store.FindAsync(Some.User("ann"), Cancel));
        Assert.NotNull(await store.FindAsync(Some.User("ann"), Cancel));
    }

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    private async Task<ConnectionStore> StoreAsync(string url)
    {
        _hosts = new PostgresHosts(PostgresConnectionString.Read(TestSettings.Reader(), url)!, NullLoggerFactory.Instance);
        var store = new ConnectionStore(MigratingDatabase.Of(_hosts));
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                try
                {
                    return await store.StoreAsync(Issued, Cancel) == StoreResult.Stored;
                }
                catch (ConnectionStoreUnavailableException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(60),
            "the schema is there");
        return store;
    }

    /// <summary>Of the connection that the pool gives next, which is the one that was used last.</summary>
    private async Task<long> PreparedAsync()
    {
        await using var session = await _hosts.OpenAsync(Cancel);
        await using var count = new NpgsqlCommand(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%fathom_connections%'", session.Connection);
        return (long)(await count.ExecuteScalarAsync(Cancel))!;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var session = await _hosts.OpenAsync(Cancel);
        await session.Connection.ExecuteAsync(statement, cancel: Cancel);
    }
}
