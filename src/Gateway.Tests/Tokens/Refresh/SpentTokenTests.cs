using FathomGateway.Fathom;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>
/// A refresh token whose successor is on its way into the database is not sent: a provider may take the second use for a theft, and end the
/// grant.
/// </summary>
public sealed class SpentTokenTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tokens_that_are_drained_after_the_lease_was_taken_replace_the_refresh_F7(string kind)
    {
        using var provider = ScriptedProvider.Start();
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        var reading = (await replica.Store.ReadAsync(Some.User("ann"), Cancel))!;
        var row = reading.Connection;
        var (lease, asked) = (RefreshLease.Of(row), TimeProvider.System.GetTimestamp());
        Assert.True(await replica.Store.TakeLeaseAsync(lease, forced: false, Cancel));
        Assert.NotNull(await replica.Store.SaveAsync(ConnectionRows.Refreshed(replica.Get<TokenCipher>(), lease, "a2", "r2"), Cancel));

        var result = await replica.Get<LeasedRefresh>().RefreshAsync(lease, reading, asked);

        Assert.Equal(
            ("a2", 2L), Assert.IsType<AccessTokenResult.Granted>(result) is var granted ? (granted.AccessToken, granted.Version) : default);
        Assert.Empty(provider.TokenRequests);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_refresher_that_has_lost_the_lease_before_the_call_sends_nothing_F16(string kind)
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        var reading = (await replica.Store.ReadAsync(Some.User("ann"), Cancel))!;
        var (lost, taken) = (RefreshLease.Of(reading.Connection), RefreshLease.Of(reading.Connection));
        Assert.True(await replica.Store.TakeLeaseAsync(lost, forced: false, Cancel));
        await database.LeaseRunsOutAsync("ann");
        Assert.True(await replica.Store.TakeLeaseAsync(taken, forced: false, Cancel));

        Assert.IsType<AccessTokenResult.Unavailable>(
            await replica.Get<LeasedRefresh>().RefreshAsync(lost, reading, TimeProvider.System.GetTimestamp()));

        Assert.Empty(provider.TokenRequests);
        Assert.Equal(taken.Owner, (await replica.Store.ReadAsync(Some.User("ann"), Cancel))!.LeaseOwner);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task No_refresh_token_is_sent_while_this_process_saves_tokens_of_the_user_F7(string kind)
    {
        using var provider = ScriptedProvider.Start();
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        var saved = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var cipher = replica.Get<TokenCipher>();
        var tokens = new IssuedTokens(
            Some.User("ann"), Guid.NewGuid(), 1, cipher.Seal("a2", Some.User("ann"), TokenColumn.AccessToken), null, null,
            TimeSpan.FromHours(1),
            DateTimeOffset.UtcNow, TimeSpan.Zero);
        var saving = replica.Get<PendingTokens>().SaveAsync(tokens, _ => saved.Task, PendingTokens.CallerTimeout);

        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));
        Assert.Empty(provider.TokenRequests);

        saved.SetResult(true);
        await saving;
        Assert.Equal("access-1", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", 1)).AccessToken);
    }

    /// <summary>Another process may hold the lease soon, and send the same refresh token.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_refresher_whose_lease_is_too_short_for_a_call_sends_nothing_and_releases_it_F16(string kind)
    {
        using var provider = ScriptedProvider.Start();
        var clock = new FrozenProcessClock();
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), provider.TokenUrl, clock: clock);
        await replica.ConnectAsync("ann", "a1", "r1");
        var reading = (await replica.Store.ReadAsync(Some.User("ann"), Cancel))!;
        var (lease, asked) = (RefreshLease.Of(reading.Connection), clock.GetTimestamp());
        Assert.True(await replica.Store.TakeLeaseAsync(lease, forced: false, Cancel));
        clock.Freeze(RefreshLease.Duration - ClientForm.Timeout);

        Assert.IsType<AccessTokenResult.Unavailable>(await replica.Get<LeasedRefresh>().RefreshAsync(lease, reading, asked));

        Assert.Empty(provider.TokenRequests);
        Assert.Null((await replica.Store.ReadAsync(Some.User("ann"), Cancel))!.LeaseOwner);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_refresher_whose_lease_is_too_short_after_a_lost_response_makes_no_probe_F13_F16(string kind)
    {
        using var provider = ScriptedProvider.Start();
        var clock = new FrozenProcessClock();
        provider.Answers(_ =>
        {
            clock.Freeze(RefreshLease.Duration - ClientForm.Timeout);
            return Task.FromResult(new TokenReply { Body = "{}" });
        });
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), provider.TokenUrl, clock: clock);
        await replica.ConnectAsync("ann", "a1", "r1");

        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));

        Assert.Single(provider.TokenRequests);
    }

    /// <summary>The clock of a process that was stopped for a while, as its own timestamps show it.</summary>
    private sealed class FrozenProcessClock : TimeProvider
    {
        private long _frozen;

        public void Freeze(TimeSpan time) => Interlocked.Add(ref _frozen, (long)(time.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _frozen);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
