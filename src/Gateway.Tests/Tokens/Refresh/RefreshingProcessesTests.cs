using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>Real processes: a refresh whose process is killed or frozen.</summary>
[Trait("Speed", "Exhaustive")]
public sealed class RefreshingProcessesTests(RealStores stores)
{
    private static readonly TimeSpan LeaseAndMore = TimeSpan.FromSeconds(90), Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Three_processes_with_a_hundred_callers_each_make_one_refresh_and_give_300_equal_answers_F16()
    {
        await using var stage = await ProcessStage.StartAsync(stores, gateways: 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => ProcessStage.TokenInTheEndAsync(stage.Gateways[i % 3])));

        Assert.True(
            answers.All(answer => answer == (HttpStatusCode.OK, "access-1")),
            $"{string.Join(", ", answers.CountBy(answer => answer))}\n"
                + $"{string.Join('\n', stage.Gateways.Select(gateway => gateway.Output))}");
        Assert.Equal(1, stage.Provider.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_killed_in_its_refresh_blocks_its_user_no_longer_than_the_lease_F16_F18(bool spent)
    {
        await using var stage = await ProcessStage.StartAsync(stores, gateways: 2);
        var (first, second) = (stage.Gateways[0], stage.Gateways[1]);
        // The first call never gets an answer; it has spent the refresh token or it has not.
        if (spent) stage.Provider.After = call => call == 1 ? Task.Delay(Timeout.Infinite) : Task.CompletedTask;
        else stage.Provider.Before = call => call == 1 ? Task.Delay(Timeout.Infinite) : Task.CompletedTask;
        var doomed = ProcessStage.TokenAsync(first);
        await Eventually.BecomesTrueAsync(() => stage.Provider.Calls == 1, Soon, "the refresh reaches the provider");

        first.Kill();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => doomed);
        var expected = spent ? (HttpStatusCode.Conflict, "reconnect_required") : (HttpStatusCode.OK, "access-1");
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var answer = await ProcessStage.TokenAsync(second);
                Assert.True(answer == expected || answer.Status == HttpStatusCode.ServiceUnavailable, $"{answer}");
                return answer == expected;
            },
            LeaseAndMore,
            "the other process takes over");
        Assert.Equal(2, stage.Provider.Calls);
    }

    [Fact]
    public async Task A_process_that_sleeps_for_40_seconds_in_its_refresh_writes_nothing_when_it_wakes_F16()
    {
        await using var stage = await ProcessStage.StartAsync(stores, gateways: 2);
        var (frozen, other) = (stage.Gateways[0], stage.Gateways[1]);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Not yet spent: so the other one succeeds, and the frozen process's own answer comes after and is a refusal of the whole family.
        stage.Provider.Before = call => call == 1 ? answer.Task : Task.CompletedTask;
        var reading = ProcessStage.TokenAsync(frozen);
        await Eventually.BecomesTrueAsync(() => stage.Provider.Calls == 1, Soon, "the refresh reaches the provider");

        frozen.Suspend();
        await Task.Delay(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(
            async () => await ProcessStage.TokenAsync(other) == (HttpStatusCode.OK, "access-1"),
            LeaseAndMore,
            "the other process takes over");
        var before = await RowAsync(stage);
        answer.SetResult();
        frozen.Resume();

        // Its caller has waited long enough, or is given what the other one got; never what the frozen process was told.
        Assert.Contains((await reading).Status, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
        Assert.Equal((HttpStatusCode.OK, "access-1"), await ProcessStage.TokenAsync(frozen));
        Assert.Equal(before, await RowAsync(stage));
        Assert.Equal(2, stage.Provider.Calls);
    }

    private static Task<object?> RowAsync(ProcessStage stage) =>
        stage.QueryAsync("SELECT fathom_connections::text FROM fathom_connections");
}
