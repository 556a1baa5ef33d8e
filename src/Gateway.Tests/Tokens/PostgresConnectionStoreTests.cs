using FathomGateway.Settings;
using FathomGateway.Tests.House;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class PostgresConnectionStoreTests(RealStores stores) : ConnectionStoreContract, IAsyncDisposable
{
    private readonly List<NpgsqlDataSource> _sources = [];
    private string? _connectionString;

    private protected override async Task<IConnectionStore> StoreAsync() => await WithSchemaAsync(Open(await ConnectionStringAsync()));

    private protected override Task SetClockBackAsync() => ConnectionRows.MoveIntoTheFutureAsync(_sources[0]);

    [Fact]
    public async Task Ten_replicas_that_start_at_once_migrate_once_F19()
    {
        var replicas = new List<PostgresConnectionStore>();
        for (var i = 0; i < 10; i++) replicas.Add(Open(await ConnectionStringAsync()));

        await Task.WhenAll(replicas.Select(replica => Task.Run(() => PatientlyAsync(() => replica.EnsureWritableAsync(Cancel)))));

        await using var connection = await _sources[0].OpenConnectionAsync(Cancel);
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {SchemaScripts.JournalTable}", connection);
        Assert.Equal((long)Directory.GetFiles(Path.Combine(Repository.Gateway, "Tokens", "Schema", "Postgres")).Length, await count.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_database_that_is_emptied_under_a_gateway_that_runs_gets_its_schema_again_F19()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann"), Cancel);
        await using var empty = _sources[0].CreateCommand("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        await empty.ExecuteNonQueryAsync(Cancel);

        await PatientlyAsync(async () => Assert.Null(await store.FindAsync(Some.User("ann"), Cancel)));
        await store.StoreAsync(New("ann"), Cancel);
        Assert.NotNull(await store.FindAsync(Some.User("ann"), Cancel));
    }

    [Fact]
    public async Task A_read_only_database_is_told_as_unavailable()
    {
        await (await StoreAsync()).EnsureWritableAsync(Cancel);
        var readOnly = Open($"{await ConnectionStringAsync()};Options=-c default_transaction_read_only=on");

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => readOnly.EnsureWritableAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources) await source.DisposeAsync();
    }

    private async Task<string> ConnectionStringAsync() => _connectionString ??=
        DatabaseAddress.Read(new SettingsReader(new ConfigurationBuilder().Build()), await stores.NewDatabaseAsync())!;

    private PostgresConnectionStore Open(string connectionString)
    {
        var source = NpgsqlDataSource.Create(connectionString);
        _sources.Add(source);
        return new PostgresConnectionStore(source, new SchemaReadiness(() => PostgresSchema.Migrate(source), NullLogger<SchemaReadiness>.Instance));
    }
}
