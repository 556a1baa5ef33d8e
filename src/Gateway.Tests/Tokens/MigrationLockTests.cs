using System.Diagnostics;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>Migrations beside a release that is still at work.</summary>
[Trait("Speed", "Slow")]
public sealed class MigrationLockTests(RealStores stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_migration_waits_for_a_table_in_use_while_the_old_release_reads_on()
    {
        var url = await stores.NewDatabaseAsync();
        await using var hosts = new PostgresHosts(PostgresTestDatabase.ToNpgsql(url), NullLoggerFactory.Instance);
        await PostgresMigration.MigrateAsync(hosts);
        // As the former release left it.
        await PostgresTestDatabase.QueryAsync(url, """
            DELETE FROM fathom_schema WHERE scriptname LIKE '%0005%';
            DROP TABLE fathom_exchanges;
            ALTER TABLE fathom_connections DROP COLUMN refused_since, DROP COLUMN refusals, DROP COLUMN retry_at,
                DROP COLUMN last_forced_at, DROP COLUMN second_last_forced_at, DROP COLUMN third_last_forced_at
            """);
        await using var holder = await PostgresTestDatabase.OpenAsync(url);
        await using var transaction = await holder.BeginTransactionAsync(Cancel);
        await using (var read = new NpgsqlCommand(
            "LOCK TABLE fathom_connections IN ACCESS SHARE MODE", holder, transaction)) await read.ExecuteNonQueryAsync(Cancel);
        using var schema = new SchemaReadiness(() => PostgresMigration.MigrateAsync(hosts), NullLogger<SchemaReadiness>.Instance);
        await schema.StartAsync(Cancel);

        // Longer than two tries.
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(16);)
        {
            // Who waits behind the migration waits for as long as that waits, which is two seconds.
            await PostgresTestDatabase.QueryAsync(url, "SET lock_timeout = '5s'; SELECT count(*) FROM fathom_connections");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancel);
        }

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => schema.EnsureAsync(Cancel).AsTask());
        await transaction.CommitAsync(Cancel);
        await Eventually.BecomesTrueAsync(
            async () => (long)(await PostgresTestDatabase.QueryAsync(url, "SELECT count(*) FROM fathom_schema"))!
                == SchemaScripts.Count("Postgres"), Soon, "the schema is up to date");
        await schema.EnsureAsync(SchemaReadiness.OperatorTimeout, Cancel);
        await schema.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_migration_script_may_take_longer_than_any_command_of_a_request()
    {
        var url = await stores.NewDatabaseAsync();
        await using var hosts = new PostgresHosts($"{PostgresTestDatabase.ToNpgsql(url)};Command Timeout=1", NullLoggerFactory.Instance);
        // Each statement that makes a table sleeps, as one on millions of rows would be at work.
        await PostgresTestDatabase.QueryAsync(url, """
            CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3); END $$;
            CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION slow()
            """);

        await PostgresMigration.MigrateAsync(hosts);

        Assert.Equal(
            (long)SchemaScripts.Count("Postgres"), await PostgresTestDatabase.QueryAsync(url, "SELECT count(*) FROM fathom_schema"));
    }

    [Fact]
    public async Task A_replica_waits_and_changes_nothing_while_another_migrates()
    {
        var url = await stores.NewDatabaseAsync();
        await using var link = FaultProxy.Start(new Uri(url).Port);
        await using var hosts =
            new PostgresHosts(PostgresTestDatabase.ToNpgsql(PostgresTestDatabase.Through(url, link.Port)), NullLoggerFactory.Instance);
        await using var other = await PostgresTestDatabase.OpenAsync(url);
        await using var transaction = await other.BeginTransactionAsync(Cancel);
        await using (var take = new NpgsqlCommand(
            $"SELECT pg_advisory_xact_lock({PostgresMigration.LockKey})", other, transaction)) await take.ExecuteNonQueryAsync(Cancel);

        var migrating = PostgresMigration.MigrateAsync(hosts);
        await Eventually.BecomesTrueAsync(
            () => migrating.IsCompleted || link.ToServer.Seen("pg_try_advisory_xact_lock") >= 3, Soon, "it has tried three times");

        Assert.False(migrating.IsCompleted);
        Assert.Equal(DBNull.Value, await PostgresTestDatabase.QueryAsync(url, $"SELECT to_regclass('{SchemaScripts.JournalTable}')::text"));
        await transaction.CommitAsync(Cancel);
        await migrating;
        Assert.Equal(
            (long)SchemaScripts.Count("Postgres"), await PostgresTestDatabase.QueryAsync(url, "SELECT count(*) FROM fathom_schema"));
    }

    [Fact]
    public async Task Replicas_that_start_at_once_migrate_an_empty_database_once()
    {
        var url = await stores.NewDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var hosts = new PostgresHosts(PostgresTestDatabase.ToNpgsql(url), NullLoggerFactory.Instance);
            await PostgresMigration.MigrateAsync(hosts);
        })));

        Assert.Equal(
            (long)SchemaScripts.Count("Postgres"), await PostgresTestDatabase.QueryAsync(url, "SELECT count(*) FROM fathom_schema"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
