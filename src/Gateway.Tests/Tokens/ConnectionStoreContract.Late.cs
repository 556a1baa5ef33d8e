using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>Tokens that could not be stored when they were issued do not replace what the user has done since.</summary>
public abstract partial class ConnectionStoreContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_late_store_has_the_age_of_its_tokens_and_may_be_repeated_F7()
    {
        var store = await StoreAsync();
        var (late, issuedAt) = (New("ann"), (await store.MomentAsync(Some.User("ann"), Cancel)).Now - Minute);

        Assert.Equal(StoreResult.Stored, await store.StoreAsync(late, issuedAt, Cancel));
        var found = await store.FindAsync(late.UserId, Cancel);
        Assert.Equal(StoreResult.Stored, await store.StoreAsync(late, issuedAt + Minute, Cancel));

        Assert.Equal(
            (late.GrantId, 1L, late.AccessToken, late.RefreshToken),
            (found!.GrantId, found.Version, found.AccessToken, found.RefreshToken));
        Assert.Equal(issuedAt, found.ConnectedAt, TimeSpan.FromMilliseconds(1));
        Assert.Equal(late.Lifetime, found.ExpiresAt - found.ConnectedAt);
        Assert.Equal(found, await store.FindAsync(late.UserId, Cancel));
    }

    [Fact]
    public async Task Tokens_older_than_a_disconnect_is_remembered_are_not_stored_F7()
    {
        var store = await StoreAsync();
        var now = (await store.MomentAsync(Some.User("ann"), Cancel)).Now;

        var forgotten = now - ConnectionStore.DisconnectRetention;
        Assert.Equal(StoreResult.Disconnected, await store.StoreAsync(New("ann"), forgotten - Minute, Cancel));
        Assert.Null(await store.FindAsync(Some.User("ann"), Cancel));
        Assert.Equal(StoreResult.Stored, await store.StoreAsync(New("ann"), forgotten + Minute, Cancel));
    }

    [Fact]
    public async Task A_late_store_replaces_an_older_connection_and_no_newer_one_F7()
    {
        var store = await StoreAsync();
        var connected = New("ann");
        await store.StoreAsync(connected, Cancel);
        var moment = await store.MomentAsync(connected.UserId, Cancel);
        Assert.Equal((await store.FindAsync(connected.UserId, Cancel))!.ConnectedAt, moment.ConnectedAt);

        Assert.Equal(StoreResult.Overtaken, await store.StoreAsync(New("ann"), moment.ConnectedAt!.Value - Minute, Cancel));
        Assert.Equal(connected.GrantId, (await store.FindAsync(connected.UserId, Cancel))!.GrantId);

        var newer = New("ann");
        Assert.Equal(StoreResult.Stored, await store.StoreAsync(newer, await LaterAsync(store), Cancel));
        Assert.Equal(
            (newer.GrantId, 2L), (await store.FindAsync(connected.UserId, Cancel)) is { } row ? (row.GrantId, row.Version) : default);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_newer_consent_of_two_late_stores_stays_whichever_comes_first_F7(bool newerFirst)
    {
        var store = await StoreAsync();
        var (older, newer, now) = (New("ann"), New("ann"), (await store.MomentAsync(Some.User("ann"), Cancel)).Now);
        var order = new[] { (older, now - Minute), (newer, now) };

        foreach (var (connection, issuedAt) in newerFirst ? order.Reverse() : order) await store.StoreAsync(connection, issuedAt, Cancel);

        Assert.Equal(newer.GrantId, (await store.FindAsync(older.UserId, Cancel))!.GrantId);
    }

    [Fact]
    public async Task The_newest_consent_of_concurrent_stores_stays_F7()
    {
        var store = await StoreAsync();
        var now = (await store.MomentAsync(Some.User("ann"), Cancel)).Now;
        var all = Enumerable.Range(0, 20).Select(i => (Connection: New("ann"), IssuedAt: now - (i * Minute))).ToArray();

        await Task.WhenAll(
            all.Reverse().Select(one => Task.Run(() => PatientlyAsync(() => store.StoreAsync(one.Connection, one.IssuedAt, Cancel)))));

        Assert.Equal(all[0].Connection.GrantId, (await store.FindAsync(Some.User("ann"), Cancel))!.GrantId);
    }

    [Fact]
    public async Task A_disconnect_beats_tokens_that_were_issued_before_it_F7()
    {
        var store = await StoreAsync();
        var issuedAt = (await store.MomentAsync(Some.User("ann"), Cancel)).Now;
        Assert.Null(await store.DeleteAsync(Some.User("ann"), Cancel));

        Assert.Equal(StoreResult.Disconnected, await store.StoreAsync(New("ann"), issuedAt, Cancel));
        Assert.Null(await store.FindAsync(Some.User("ann"), Cancel));
        Assert.Equal(StoreResult.Disconnected, await store.StoreAsync(New("ann"), issuedAt, Cancel));
        // No other user's, and no later row.
        Assert.Equal(StoreResult.Stored, await store.StoreAsync(New("bob"), issuedAt, Cancel));
        Assert.Equal(StoreResult.Stored, await store.StoreAsync(New("ann"), await LaterAsync(store), Cancel));
    }

    [Fact]
    public async Task A_disconnect_and_a_late_store_at_once_leave_nothing_behind_F7()
    {
        var store = await StoreAsync();
        var users = Enumerable.Range(0, 20).Select(i => $"user-{i}").ToArray();
        var issuedAt = (await store.MomentAsync(Some.User("ann"), Cancel)).Now;

        await Task.WhenAll(users.SelectMany(user => new[]
        {
            Task.Run(() => (Task)store.StoreAsync(New(user), issuedAt, Cancel)),
            Task.Run(() => (Task)store.DeleteAsync(Some.User(user), Cancel)),
        }));

        Assert.Equal(0, await store.CountAsync(Cancel));
    }

    [Fact]
    public async Task A_late_save_needs_no_lease_but_grant_and_version_and_restores_the_row_F7()
    {
        var store = await StoreAsync();
        var connection = New("ann");
        await store.StoreAsync(connection, Cancel);
        var lease = RefreshLease.Of((await store.FindAsync(connection.UserId, Cancel))!);
        await store.TakeLeaseAsync(lease, forced: false, Cancel);
        await store.RequireReconnectAsync(lease, ReconnectReason.RefreshRefused, Cancel);
        var tokens = ConnectionRows.Issued(connection.UserId, new SealedToken("a2"), new SealedToken("r2")).Of(lease);

        Assert.Null(await store.SaveAsync(tokens with { GrantId = Guid.NewGuid() }, Cancel));
        Assert.Null(await store.SaveAsync(tokens with { Version = 2 }, Cancel));
        var saved = await store.SaveAsync(tokens, Cancel);

        Assert.Equal(
            (2L, tokens.AccessToken, tokens.RefreshToken, null), (saved!.Version, saved.AccessToken, saved.RefreshToken, saved.Reconnect));
        Assert.Null(await store.SaveAsync(tokens, Cancel));
    }
}
