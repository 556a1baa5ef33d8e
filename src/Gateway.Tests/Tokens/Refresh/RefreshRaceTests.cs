using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

public sealed class RefreshRaceTests(RealStores stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Callers_of_three_replicas_cause_one_refresh_and_get_its_token_F16(string kind)
    {
        using var provider = new OneUseProvider("r1");
        var database = await TokenDatabase.CreateAsync(stores, kind);
        var replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Replica.OnAsync(database, provider.TokenUrl)));
        await replicas[0].ConnectAsync("ann", "a1", "r1");
        await database.AgeAsync("ann", TimeSpan.FromHours(2));

        var all = await Task.WhenAll(Enumerable.Range(0, 90).Select(i => Task.Run(() => replicas[i % 3].TokenAsync("ann"))));

        Assert.Equal("access-1", Assert.IsType<AccessTokenResult.Granted>(Assert.Single(all.Distinct())).AccessToken);
        Assert.Equal(1, provider.Calls);
        foreach (var replica in replicas) await replica.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_disconnect_beats_an_older_refresh_whose_tokens_are_revoked_T36(string kind)
    {
        using var provider = ScriptedProvider.Start();
        using var revoked = new RevocationEndpoint(provider);
        var (replica, refreshing, answer) = await RefreshingAsync(kind, provider);
        await using var _ = replica;

        Assert.Equal(DisconnectResult.Revoked, await replica.DisconnectAsync("ann"));
        answer.SetResult();

        Assert.IsType<AccessTokenResult.NotConnected>(await refreshing);
        Assert.Null(await replica.RowAsync("ann"));
        await Eventually.BecomesTrueAsync(
            () => revoked.Tokens.SequenceEqual(["r1", "refresh-1"]), TimeSpan.FromSeconds(30), "both are revoked");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_newer_connect_beats_an_older_refresh_T36(string kind)
    {
        using var provider = ScriptedProvider.Start();
        using var revoked = new RevocationEndpoint(provider);
        var (replica, refreshing, answer) = await RefreshingAsync(kind, provider);
        await using var _ = replica;

        await replica.ConnectAsync("ann", "new-access", "new-refresh");
        answer.SetResult();

        Assert.Equal("new-access", Assert.IsType<AccessTokenResult.Granted>(await refreshing).AccessToken);
        Assert.Equal(
            ("new-access", "new-refresh"),
            ((await replica.RowAsync("ann"))!.Value.AccessToken, (await replica.RowAsync("ann"))!.Value.RefreshToken));
        // Both may be of one grant at the provider, which revoking the older tokens would end.
        Assert.Empty(revoked.Tokens);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_caller_who_leaves_ends_neither_the_refresh_nor_the_wait_of_others(string kind)
    {
        using var provider = ScriptedProvider.Start();
        var (replica, refreshing, answer) = await RefreshingAsync(kind, provider);
        await using var _ = replica;
        using var goesAway = new CancellationTokenSource();
        var leaving = replica.TokenAsync("ann", 1, goesAway.Token);

        await goesAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        answer.SetResult();

        Assert.Equal("access-1", Assert.IsType<AccessTokenResult.Granted>(await refreshing).AccessToken);
        Assert.Equal("access-1", (await replica.RowAsync("ann"))!.Value.AccessToken);
    }

    [Fact]
    public async Task A_refresh_whose_caller_has_gone_is_finished_before_the_process_ends()
    {
        using var provider = ScriptedProvider.Start();
        var (replica, refreshing, answer) = await RefreshingAsync(TokenDatabase.Sqlite, provider);
        await using var _ = replica;

        var ending = replica.Get<InFlightWork>().StoppedAsync(CancellationToken.None);
        Assert.False(ending.IsCompleted);
        answer.SetResult();
        await ending.WaitAsync(Soon, TestContext.Current.CancellationToken);

        Assert.Equal("access-1", (await replica.RowAsync("ann"))!.Value.AccessToken);
        await refreshing;
    }

    [Fact]
    public async Task A_single_flight_is_shared_while_it_lasts_and_removed_after_it()
    {
        var flights = new SingleFlight<string, int>();
        var (begun, end) = (0, new TaskCompletionSource());
        async Task<int> Work()
        {
            var number = Interlocked.Increment(ref begun);
            await end.Task;
            return number;
        }

        var all = Enumerable.Range(0, 50).Select(_ => flights.JoinAsync("ann", Work)).ToArray();
        var other = flights.JoinAsync("ben", Work);
        end.SetResult();

        Assert.Single((await Task.WhenAll(all)).Distinct());
        Assert.NotEqual(await all[0], await other);
        Assert.Equal(3, await flights.JoinAsync("ann", Work));
        await Assert.ThrowsAsync<InvalidOperationException>(() => flights.JoinAsync("ann", () => throw new InvalidOperationException()));
        Assert.Equal(4, await flights.JoinAsync("ann", Work));
    }

    /// <summary>A refresh whose request has reached the provider, and the provider's permission to answer it.</summary>
    private async Task<(Replica Replica, Task<AccessTokenResult> Refreshing, TaskCompletionSource Answer)> RefreshingAsync(
        string kind, ScriptedProvider provider)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        provider.Answers(async _ =>
        {
            await answer.Task;
            return provider.NewTokens();
        });
        var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), provider.TokenUrl, provider.RevokeUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        var refreshing = replica.TokenAsync("ann", 1);
        await Eventually.BecomesTrueAsync(() => provider.TokenRequests.Count == 1, Soon, "the refresh reaches the provider");
        return (replica, refreshing, answer);
    }
}
