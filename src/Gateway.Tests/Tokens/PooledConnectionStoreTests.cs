using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.ConnectionStrings;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>The whole contract through a pooler that hands each transaction to another session.</summary>
[Trait("Speed", "Slow")]
public sealed class PooledConnectionStoreTests(
    RealStores stores, Pooler pooler) : ConnectionStoreContract, IClassFixture<Pooler>, IAsyncDisposable
{
    private readonly List<PostgresHosts> _hosts = [];

    private protected override async Task<ConnectionStore> StoreAsync() => await WithSchemaAsync(Open(await pooler.NewDatabaseAsync()));

    private protected override Task SetClockBackAsync() => ConnectionRows.MoveIntoTheFutureAsync(_hosts[0]);

    [Theory]
    [InlineData("")]
    [InlineData("?No%20Reset%20On%20Close=true")]
    public async Task A_user_connects_through_the_pooler_F26(string parameters)
    {
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await pooler.NewDatabaseAsync() + parameters));
        await stage.WarmUpAsync();

        var users = Enumerable.Range(0, 30).Select(_ => Fresh.User()).ToArray();
        await Task.WhenAll(users.Select(stage.LinkAsync));
        foreach (var user in users) Assert.NotNull(await stage.AccessTokenAsync(user));
    }

    [Fact]
    public async Task Ten_replicas_that_start_at_once_migrate_once_through_the_pooler_F26_F19()
    {
        var url = await pooler.NewDatabaseAsync();
        var replicas = Enumerable.Range(0, 10).Select(_ => Open(url)).ToArray();

        await Task.WhenAll(replicas.Select(replica => Task.Run(() => PatientlyAsync(() => replica.EnsureWritableAsync(Cancel)))));

        Assert.Equal(
            (long)SchemaScripts.Count("Postgres"),
            await PostgresTestDatabase.QueryAsync(url, $"SELECT count(*) FROM {SchemaScripts.JournalTable}"));
    }

    [Fact]
    public async Task Callers_of_three_replicas_cause_one_refresh_through_the_pooler_F26_F16()
    {
        using var provider = new OneUseProvider("r1");
        var database = TokenDatabase.At(await pooler.NewDatabaseAsync());
        await using var one = await Replica.OnAsync(database, provider.TokenUrl, budget: 50);
        await using var two = await Replica.OnAsync(database, provider.TokenUrl, budget: 50);
        await using var three = await Replica.OnAsync(database, provider.TokenUrl, budget: 50);
        await one.ConnectAsync("ann", "a1", "r1");
        await database.AgeAsync("ann", TimeSpan.FromHours(2));

        var answers =
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => new[] { one, two, three }[i % 3].TokenAsync("ann"))));

        Assert.All(answers, answer => Assert.Equal(2, Assert.IsType<AccessTokenResult.Granted>(answer).Version));
        Assert.Equal(1, provider.Calls);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosts in _hosts) await hosts.DisposeAsync();
    }

    private ConnectionStore Open(string url)
    {
        var text = PostgresConnectionString.Read(TestSettings.Reader(), url)!;
        var hosts = new PostgresHosts(text, NullLoggerFactory.Instance);
        _hosts.Add(hosts);
        return new ConnectionStore(MigratingDatabase.Of(hosts));
    }
}
