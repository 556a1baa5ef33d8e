using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.ConnectionStrings;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class PostgresConnectionStoreTests(RealStores stores) : ConnectionStoreContract, IAsyncDisposable
{
    private readonly List<PostgresHosts> _hosts = [];
    private string? _connectionString;

    private protected override async Task<ConnectionStore> StoreAsync() => await WithSchemaAsync(Open(await ConnectionStringAsync()));

    private protected override Task SetClockBackAsync() => ConnectionRows.MoveIntoTheFutureAsync(_hosts[0]);

    [Fact]
    public async Task Ten_replicas_that_start_at_once_migrate_once_F19()
    {
        var replicas = new List<ConnectionStore>();
        for (var i = 0; i < 10; i++) replicas.Add(Open(await ConnectionStringAsync()));

        await Task.WhenAll(replicas.Select(replica => Task.Run(() => PatientlyAsync(() => replica.EnsureWritableAsync(Cancel)))));

        await using var session = await _hosts[0].OpenAsync(Cancel);
        var connection = session.Connection;
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {SchemaScripts.JournalTable}", connection);
        Assert.Equal(
            (long)Directory.GetFiles(Path.Combine(Repository.Gateway, "Tokens", "Schema", "Postgres")).Length,
            await count.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_database_that_is_emptied_under_a_gateway_that_runs_gets_its_schema_again_F19()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann"), Cancel);
        await using (var session = await _hosts[0].OpenAsync(Cancel))
        {
            await session.Connection.ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }

        await PatientlyAsync(async () => Assert.Null(await store.FindAsync(Some.User("ann"), Cancel)));
        await store.StoreAsync(New("ann"), Cancel);
        Assert.NotNull(await store.FindAsync(Some.User("ann"), Cancel));
    }

    [Fact]
    public async Task A_read_only_database_is_reported_as_unavailable()
    {
        await (await StoreAsync()).EnsureWritableAsync(Cancel);
        var readOnly = Open($"{await ConnectionStringAsync()};Options=-c default_transaction_read_only=on");

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => readOnly.EnsureWritableAsync(Cancel));
    }

    [Theory]
    [InlineData("primary")]
    [InlineData("read-write")]
    [InlineData("any")]
    public async Task A_single_host_is_used_with_any_Target_Session_Attributes_and_so_is_one_of_several(string wanted)
    {
        var text = $"{await ConnectionStringAsync()};Target Session Attributes={wanted}";

        await PatientlyAsync(() => Open(text).EnsureWritableAsync(Cancel));
        var builder = new NpgsqlConnectionStringBuilder(text);
        builder.Host = $"{builder.Host}:{builder.Port},{builder.Host}:{FreePort.Next()}";
        await PatientlyAsync(() => Open(builder.ConnectionString).EnsureWritableAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosts in _hosts) await hosts.DisposeAsync();
    }

    private async Task<string> ConnectionStringAsync() => _connectionString ??=
        PostgresConnectionString.Read(TestSettings.Reader(), await stores.NewDatabaseAsync())!;

    private ConnectionStore Open(string connectionString)
    {
        var hosts = new PostgresHosts(connectionString, NullLoggerFactory.Instance);
        _hosts.Add(hosts);
        return new ConnectionStore(MigratingDatabase.Of(hosts));
    }
}
