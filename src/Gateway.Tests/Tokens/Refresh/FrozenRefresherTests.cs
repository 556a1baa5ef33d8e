using System.Net;
using FathomGateway.Fathom;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>
/// A process that is frozen while its refresh is at the provider, for longer than its limit and its lease; another takes over meanwhile.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class FrozenRefresherTests(RealStores stores)
{
    private const string Row = "SELECT version || ' ' || COALESCE(reconnect_reason, 'usable') FROM fathom_connections";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_frozen_refreshers_unread_response_restores_the_row_when_it_wakes_F16()
    {
        await using var stage = await ProcessStage.StartAsync(stores, gateways: 2);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Provider.After = call => call == 1 ? answer.Task : Task.CompletedTask;
        var frozen = ProcessStage.TokenAsync(stage.Gateways[0]);
        await Eventually.BecomesTrueAsync(() => stage.Provider.Calls == 1, Soon, "the refresh reaches the provider");

        // The token is spent, and the new one is on its way to a process that does not read it.
        stage.Gateways[0].Suspend();
        answer.SetResult();
        await FreezeAsync(stage);
        Assert.Equal((HttpStatusCode.Conflict, "reconnect_required"), await ProcessStage.TokenInTheEndAsync(stage.Gateways[1]));
        Assert.Equal("1 refresh_refused", await stage.QueryAsync(Row));
        stage.Gateways[0].Resume();

        await Eventually.BecomesTrueAsync(async () => (string?)await stage.QueryAsync(Row) == "2 usable", Soon, "the row is restored");
        Assert.Equal((HttpStatusCode.OK, "access-1"), await ProcessStage.TokenInTheEndAsync(stage.Gateways[1]));
        await frozen;
        Assert.Equal(2, stage.Provider.Calls);
    }

    /// <summary>Longer than a call may take; the lease is made older, so that the test does not wait for its thirty seconds.</summary>
    private static async Task FreezeAsync(ProcessStage stage)
    {
        await Task.Delay(ClientForm.Timeout + TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await stage.QueryAsync("UPDATE fathom_connections SET lease_until = now() - interval '1 s'");
    }
}
