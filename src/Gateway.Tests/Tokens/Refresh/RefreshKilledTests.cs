using System.Net;
using FathomGateway.Tests.Kit;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>A process that is killed while the database is at work for its refresh: before the provider is asked, and after.</summary>
[Trait("Speed", "Slow")]
public sealed class RefreshKilledTests(RealStores stores)
{
    private const string Waiting = PostgresTestDatabase.FromLockWaits;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30), LeaseAndMore = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_lease_whose_taker_was_killed_before_it_knew_expires_F18()
    {
        await using var stage = await ProcessStage.StartAsync(stores, gateways: 2);
        await using var row = await LockAsync(stage);
        var doomed = ProcessStage.TokenAsync(stage.Gateways[0]);
        await IsWaitingAsync(stage);

        stage.Gateways[0].Kill();
        await row.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => doomed);
        await AnswersAsync(stage, (HttpStatusCode.OK, "access-1"));
        Assert.Equal(1, stage.Provider.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tokens_saved_before_a_kill_are_used_and_unsaved_ones_ask_for_a_new_connect_F18(bool saved)
    {
        await using var stage = await ProcessStage.StartAsync(stores, gateways: 2);
        NpgsqlConnection? row = null;
        stage.Provider.After = async call => row ??= await LockAsync(stage);
        var doomed = ProcessStage.TokenAsync(stage.Gateways[0]);
        await Eventually.BecomesTrueAsync(() => row is not null, Soon, "the refresh reaches the provider");
        await IsWaitingAsync(stage);

        stage.Gateways[0].Kill();
        if (!saved) await stage.QueryAsync($"SELECT pg_terminate_backend(pid) {Waiting}");
        await row!.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => doomed);
        stage.Provider.After = _ => Task.CompletedTask;
        // The refresh token was spent, and the new one is lost: the user has to connect again.
        await AnswersAsync(stage, saved ? (HttpStatusCode.OK, "access-1") : (HttpStatusCode.Conflict, "reconnect_required"));
        Assert.Equal(saved ? 1 : 2, stage.Provider.Calls);
    }

    /// <summary>Holds the row until it is disposed.</summary>
    private static async Task<NpgsqlConnection> LockAsync(ProcessStage stage)
    {
        var connection = await PostgresTestDatabase.OpenAsync(stage.Database);
        await using var command = new NpgsqlCommand("BEGIN; SELECT FROM fathom_connections FOR UPDATE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static Task IsWaitingAsync(ProcessStage stage) => Eventually.BecomesTrueAsync(
        async () => (long)(await stage.QueryAsync($"SELECT count(*) {Waiting}"))! > 0, Soon, "the process waits for the row");

    private static Task AnswersAsync(ProcessStage stage, (HttpStatusCode Status, string? Answer) expected) => Eventually.BecomesTrueAsync(
        async () =>
        {
            var answer = await ProcessStage.TokenAsync(stage.Gateways[1]);
            Assert.True(answer == expected || answer.Status == HttpStatusCode.ServiceUnavailable, $"{answer}");
            return answer == expected;
        },
        LeaseAndMore,
        "the other process takes over");
}
