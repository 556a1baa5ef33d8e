using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>What a row remembers beyond a lease: tokens that come late, refusals, and refreshes that were forced.</summary>
public sealed partial class RefreshLeaseTests
{
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Late_tokens_are_saved_whoever_holds_the_lease_and_the_holders_own_are_not_after_them_F16(string kind)
    {
        var (store, database, row) = await ConnectedAsync(kind);
        var (late, second) = (RefreshLease.Of(row), RefreshLease.Of(row));
        Assert.True(await store.TakeLeaseAsync(late, forced: false, Cancel));
        await database.LeaseRunsOutAsync("ann");
        Assert.True(await store.TakeLeaseAsync(second, forced: false, Cancel));

        Assert.Equal(
            (2L, new SealedToken("late")),
            await store.SaveAsync(New("late").Of(late), Cancel) is { } saved ? (saved.Version, saved.AccessToken) : default);

        await AssertFencedOutAsync(store, second);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Late_tokens_mend_a_row_that_was_marked_because_its_refresh_token_was_spent_F16(string kind)
    {
        var (store, database, row) = await ConnectedAsync(kind);
        var (late, second) = (RefreshLease.Of(row), RefreshLease.Of(row));
        Assert.True(await store.TakeLeaseAsync(late, forced: false, Cancel));
        await database.LeaseRunsOutAsync("ann");
        Assert.True(await store.TakeLeaseAsync(second, forced: false, Cancel));
        Assert.NotNull(await store.RequireReconnectAsync(second, ReconnectReason.RefreshRefused, Cancel));

        var saved = await store.SaveAsync(New("late").Of(late), Cancel);

        Assert.Equal((2L, null), (saved!.Version, saved.Reconnect));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Refusals_are_counted_until_tokens_come_and_delay_the_next_refresh(string kind)
    {
        var (store, _, row) = await ConnectedAsync(kind);
        for (var refusals = 1; refusals <= 2; refusals++)
        {
            var lease = RefreshLease.Of(row);
            Assert.True(await store.TakeLeaseAsync(lease, forced: false, Cancel));
            await store.NoteRefusalAsync(lease, TimeSpan.FromSeconds(30), Cancel);
            var state = (await store.ReadAsync(row.UserId, Cancel))!;
            Assert.Equal((refusals, null), (state.Refusals, state.LeaseOwner));
            Assert.InRange(state.Pause!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
            Assert.InRange(state.Now - state.RefusedSince!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }

        var last = RefreshLease.Of(row);
        Assert.True(await store.TakeLeaseAsync(last, forced: false, Cancel));
        Assert.NotNull(await store.SaveAsync(New("a2").Of(last), Cancel));
        var after = (await store.ReadAsync(row.UserId, Cancel))!;
        Assert.Equal((0L, null, null), (after.Refusals, after.RefusedSince, after.RetryAt));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Three_forced_refreshes_a_minute_are_remembered_over_versions(string kind)
    {
        var (store, _, row) = await ConnectedAsync(kind);
        for (var forced = 0; forced < 3; forced++)
        {
            Assert.True((await store.ReadAsync(row.UserId, Cancel))!.MayBeForced);
            var lease = RefreshLease.Of(row);
            Assert.True(await store.TakeLeaseAsync(lease, forced: true, Cancel));
            row = (await store.SaveAsync(New($"a{forced}").Of(lease), Cancel))!;
        }

        var state = (await store.ReadAsync(row.UserId, Cancel))!;
        Assert.False(state.MayBeForced);
        Assert.True((state with
        {
            Now = state.ThirdLastForcedAt!.Value + ConnectionStore.ForcedWindow + TimeSpan.FromMilliseconds(1)
        }).MayBeForced);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_released_lease_can_be_taken_at_once(string kind)
    {
        var (store, _, row) = await ConnectedAsync(kind);
        var lease = RefreshLease.Of(row);
        await store.TakeLeaseAsync(lease, forced: false, Cancel);

        await store.ReleaseLeaseAsync(RefreshLease.Of(row), endsRefusals: false, Cancel);
        Assert.False(await store.TakeLeaseAsync(RefreshLease.Of(row), forced: false, Cancel));

        await store.ReleaseLeaseAsync(lease, endsRefusals: false, Cancel);
        Assert.True(await store.TakeLeaseAsync(RefreshLease.Of(row), forced: false, Cancel));
    }

    private static IssuedTokens Connect() =>
        ConnectionRows.Issued(Some.User("ann"), new SealedToken("a1"), new SealedToken("r1"), "a-scope");

    private static IssuedTokens New(string accessToken) =>
        ConnectionRows.Issued(Some.User("ann"), new SealedToken(accessToken), seconds: 600);
}
