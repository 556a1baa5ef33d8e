using System.Diagnostics;
using FathomGateway.Tests.Kit;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.KitTests;

[Trait("Speed", "Slow")]
public sealed class PostgresServerTests
{
    [Fact]
    public async Task A_killed_PostgreSQL_server_keeps_its_rows_and_its_port()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(database, "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')");

        server.Kill();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => PostgresTestDatabase.QueryAsync(database, "SELECT 1"));

        await server.RestartAsync();
        Assert.Equal("kept", await PostgresTestDatabase.QueryAsync(database, "SELECT text FROM note"));
        Assert.Contains("'kept'", await server.DumpAsync(PostgresTestDatabase.NameOf(database)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_PostgreSQL_server_breaks_a_connection_in_mid_statement()
    {
        await using var server = await PostgresServer.StartAsync();
        var sleeping = PostgresTestDatabase.QueryAsync(server.ConnectionString("postgres"), "SELECT pg_sleep(60)");
        await Eventually.BecomesTrueAsync(
            async () => await CountAsync(server, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == 1,
            TimeSpan.FromSeconds(30),
            "the statement is running");

        var clock = Stopwatch.StartNew();
        server.Kill();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => sleeping);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task A_suspended_PostgreSQL_server_is_silent_until_it_is_resumed()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var connection = await PostgresTestDatabase.OpenAsync(server.ConnectionString("postgres"));
        await using var command = new NpgsqlCommand("SELECT 1", connection);

        server.Suspend();
        var answer = command.ExecuteScalarAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(500)));

        server.Resume();
        Assert.Equal(1, await answer.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Two_test_databases_of_a_server_are_separate()
    {
        await using var server = await PostgresServer.StartAsync();
        var one = await server.CreateDatabaseAsync();
        var other = await server.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(one, "CREATE TABLE note (text text)");

        Assert.NotEqual(one, other);
        await Assert.ThrowsAsync<PostgresException>(() => PostgresTestDatabase.QueryAsync(other, "SELECT text FROM note"));
    }

    private static async Task<long> CountAsync(PostgresServer server, string sql) =>
        (long)(await PostgresTestDatabase.QueryAsync(server.ConnectionString("postgres"), sql))!;
}
