using FathomGateway.Settings;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>The whole contract through a pooler that hands each transaction to another session.</summary>
[Trait("Speed", "Slow")]
public sealed class PooledConnectionStoreTests(RealStores stores, PooledConnectionStoreTests.Pooler pooler) : ConnectionStoreContract, IClassFixture<PooledConnectionStoreTests.Pooler>, IAsyncDisposable
{
    private NpgsqlDataSource? _source;

    private protected override async Task<IConnectionStore> StoreAsync()
    {
        var text = DatabaseAddress.Read(new SettingsReader(new ConfigurationBuilder().Build()), await pooler.NewDatabaseAsync())!;
        _source ??= PostgresDataSource.Build(text, NullLoggerFactory.Instance);
        return new PostgresConnectionStore(_source, new SchemaReadiness(() => PostgresSchema.Migrate(_source, text), NullLogger<SchemaReadiness>.Instance));
    }

    [Fact]
    public async Task A_user_connects_through_the_pooler_F26()
    {
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await pooler.NewDatabaseAsync()));
        await stage.WarmUpAsync();

        var users = Enumerable.Range(0, 30).Select(_ => Fresh.User()).ToArray();
        await Task.WhenAll(users.Select(stage.LinkAsync));
        foreach (var user in users) Assert.NotNull(await stage.AccessTokenAsync(user));
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null) await _source.DisposeAsync();
    }

    /// <summary>One server and one pooler for the class.</summary>
    public sealed class Pooler : IAsyncLifetime
    {
        private PostgresServer _server = null!;
        private PgBouncer _bouncer = null!;

        public async ValueTask InitializeAsync()
        {
            _server = await PostgresServer.StartAsync();
            _bouncer = await PgBouncer.StartAsync(_server);
        }

        public async ValueTask DisposeAsync()
        {
            await _bouncer.DisposeAsync();
            await _server.DisposeAsync();
        }

        internal async Task<string> NewDatabaseAsync() => _bouncer.Through(await _server.CreateDatabaseAsync());
    }
}
