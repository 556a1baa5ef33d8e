using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Every request with the API key is in the audit log, however it ends.</summary>
public sealed class KeyAuditTests(RealStores stores)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_request_with_the_API_key_that_finds_the_database_away_is_audited()
    {
        await using var storeless =
            await Stage.StartAsync(TestSettings.OnRealStores("redis://127.0.0.1:9", "postgresql://nobody@127.0.0.1:9/none"));

        foreach (var (method, target, action) in new[]
        {
            (HttpMethod.Get, "connections/u", "GET connection"), (HttpMethod.Delete, "connections/u", "DELETE connection"),
            (HttpMethod.Get, "connections/u/access-token", "GET access-token"), (HttpMethod.Get, "connections/u/fathom/x", "GET relay"),
            (HttpMethod.Get, "connections", "GET connections"), (HttpMethod.Get, "events", "GET events"),
        })
        {
            using var response = await storeless.Gateway.InternalAsync(method, target);

            Assert.Equal(503, (int)response.StatusCode);
            await IsAuditedAsync(storeless, $": {action}, 503.");
        }
    }

    [Fact]
    public async Task A_list_that_its_caller_cuts_off_is_audited()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        var url = stage.Database.Url!;
        await using var holder = await PostgresTestDatabase.OpenAsync(url);
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("LOCK TABLE fathom_connections IN ACCESS EXCLUSIVE MODE", holder))
            await take.ExecuteNonQueryAsync();
        await using var caller = await RawClient.ConnectAsync(stage.Gateway.Internal);
        await caller.SendAsync(
            $"GET /connections HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\n\r\n");
        await Eventually.BecomesTrueAsync(
            async () => await PostgresTestDatabase.LockWaitsAsync(url) > 0, Limit, "the list waits for the lock");

        caller.Reset();

        await IsAuditedAsync(stage.Stage, ": GET connections, aborted.");
        await transaction.RollbackAsync();
    }

    private static Task IsAuditedAsync(Stage stage, string words) => Eventually.BecomesTrueAsync(
        () => $"{stage.Gateway.Log}".Contains(words, StringComparison.Ordinal), Limit, $"the audit log has {words}");
}
