using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>Whether the stored rows can be decrypted, checked possibly before the schema exists.</summary>
public sealed class DoctorKeysTests(RealStores stores)
{
    [Fact]
    public async Task The_doctor_waits_longer_than_a_request_for_a_schema_that_another_replica_migrates()
    {
        var url = await stores.NewDatabaseAsync();
        await using var replica = await PostgresTestDatabase.OpenAsync(url);
        await using var work = await replica.BeginTransactionAsync(Cancel);
        await using var turn = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({PostgresMigration.LockKey})", replica, work);
        await turn.ExecuteNonQueryAsync(Cancel);

        var found = Examination.FindsAsync(
            "keys", TestSettings.OnRealStores("redis://127.0.0.1:9", url), HealthStatus.Healthy, "All 0 stored connections open.");
        // A request gives up after three seconds; that nothing is said before the lock is free is what this test is for.
        Assert.NotSame(found, await Task.WhenAny(found, Task.Delay(TimeSpan.FromSeconds(4), Cancel)));
        await work.RollbackAsync(Cancel);

        await found;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
