using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>What every connection store promises of leases.</summary>
public sealed partial class RefreshLeaseTests(RealStores stores, Pooler pooler) : IClassFixture<Pooler>
{
    public static TheoryData<string> Databases => [.. TokenDatabase.Both, TokenDatabase.Pooled];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_lease_that_many_want_at_once_is_given_to_one_F16_F26(string kind)
    {
        var (store, _, row) = await ConnectedAsync(kind);

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => Task.Run(() => store.TakeLeaseAsync(RefreshLease.Of(row), forced: false, Cancel))));

        Assert.Single(taken, one => one);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_lease_lasts_thirty_seconds_of_the_databases_clock_F22(string kind)
    {
        var (store, database, row) = await ConnectedAsync(kind);
        var lease = RefreshLease.Of(row);
        Assert.True(await store.TakeLeaseAsync(lease, forced: false, Cancel));

        var held = (await store.ReadAsync(row.UserId, Cancel))!;
        Assert.Equal(lease.Owner, held.LeaseOwner);
        Assert.InRange(held.LeaseUntil!.Value - held.Now, TimeSpan.FromSeconds(1), RefreshLease.Duration);
        Assert.False(await store.TakeLeaseAsync(RefreshLease.Of(row), forced: false, Cancel));

        await database.LeaseRunsOutAsync("ann");
        Assert.True(await store.TakeLeaseAsync(RefreshLease.Of(row), forced: false, Cancel));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_save_raises_the_version_ends_the_lease_and_keeps_what_the_provider_did_not_send(string kind)
    {
        var (store, _, row) = await ConnectedAsync(kind);
        var lease = RefreshLease.Of(row);
        await store.TakeLeaseAsync(lease, forced: false, Cancel);

        var saved = await store.SaveAsync((New("a2") with { Age = TimeSpan.FromSeconds(40) }).Of(lease), Cancel);

        var now = (await store.ReadAsync(row.UserId, Cancel))!;
        Assert.Equal(saved, now.Connection);
        Assert.Equal(
            (2L, row.GrantId, new SealedToken("a2"), row.RefreshToken, row.Scope),
            (saved!.Version, saved.GrantId, saved.AccessToken, saved.RefreshToken, saved.Scope));
        Assert.Equal((null, null), (now.LeaseOwner, now.LeaseUntil));
        Assert.Equal(TimeSpan.FromSeconds(600), saved.ExpiresAt - saved.IssuedAt);
        Assert.InRange(now.Left, TimeSpan.Zero, TimeSpan.FromSeconds(560));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_late_holder_of_a_lease_marks_and_releases_nothing_F16_F26(string kind)
    {
        var (store, database, row) = await ConnectedAsync(kind);
        var (late, second) = (RefreshLease.Of(row), RefreshLease.Of(row));
        Assert.True(await store.TakeLeaseAsync(late, forced: false, Cancel));
        await database.LeaseRunsOutAsync("ann");
        Assert.True(await store.TakeLeaseAsync(second, forced: false, Cancel));

        await AssertHoldsNothingAsync(store, late);
        Assert.NotNull(await store.SaveAsync(New("a2").Of(second), Cancel));
        await AssertFencedOutAsync(store, late);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_disconnect_and_a_newer_connect_void_the_lease_of_an_older_refresh_T36(string kind)
    {
        var (store, _, row) = await ConnectedAsync(kind);
        var lease = RefreshLease.Of(row);
        Assert.True(await store.TakeLeaseAsync(lease, forced: false, Cancel));

        await store.StoreAsync(Connect(), Cancel);
        await AssertFencedOutAsync(store, lease);

        // The row that follows a deleted one counts from 1 again.
        await store.DeleteAsync(row.UserId, Cancel);
        await AssertFencedOutAsync(store, lease);
        await store.StoreAsync(Connect(), Cancel);
        await AssertFencedOutAsync(store, lease);
        Assert.False(await store.TakeLeaseAsync(lease, forced: false, Cancel));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Reconnect_required_keeps_the_row_and_is_refreshed_no_more_until_a_connect(string kind)
    {
        var (store, _, row) = await ConnectedAsync(kind);
        var lease = RefreshLease.Of(row);
        await store.TakeLeaseAsync(lease, forced: false, Cancel);

        var marked = await store.RequireReconnectAsync(lease, ReconnectReason.RefreshRefused, Cancel);

        Assert.Equal((row.Version, row.AccessToken, row.RefreshToken), (marked!.Version, marked.AccessToken, marked.RefreshToken));
        Assert.Equal(ReconnectReason.RefreshRefused, marked.Reconnect!.Reason);
        Assert.Equal(DateTimeOffset.UtcNow, marked.Reconnect.At, TimeSpan.FromMinutes(1));
        Assert.False(await store.TakeLeaseAsync(RefreshLease.Of(row), forced: false, Cancel));

        await store.StoreAsync(Connect(), Cancel);
        Assert.Null((await store.FindAsync(row.UserId, Cancel))!.Reconnect);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task AssertFencedOutAsync(ConnectionStore store, RefreshLease lease)
    {
        Assert.Null(await store.SaveAsync(New("late").Of(lease), Cancel));
        await AssertHoldsNothingAsync(store, lease);
    }

    private static async Task AssertHoldsNothingAsync(ConnectionStore store, RefreshLease lease)
    {
        var before = await store.ReadAsync(lease.UserId, Cancel);
        Assert.Null(await store.RequireReconnectAsync(lease, ReconnectReason.RefreshRefused, Cancel));
        await store.ReleaseLeaseAsync(lease, endsRefusals: false, Cancel);
        await store.NoteRefusalAsync(lease, TimeSpan.FromHours(1), Cancel);
        var after = await store.ReadAsync(lease.UserId, Cancel);
        Assert.Equal(
            (before?.Connection, before?.LeaseOwner, before?.LeaseUntil, before?.Refusals),
            (after?.Connection, after?.LeaseOwner, after?.LeaseUntil, after?.Refusals));
    }

    private async Task<(ConnectionStore Store, TokenDatabase Database, Connection Row)> ConnectedAsync(string kind)
    {
        var database = kind == TokenDatabase.Pooled
            ? TokenDatabase.At(await pooler.NewDatabaseAsync())
            : await TokenDatabase.CreateAsync(stores, kind);
        var store = (await Replica.OnAsync(database, "http://127.0.0.1:9/")).Store;
        await store.StoreAsync(Connect(), Cancel);
        return (store, database, (await store.FindAsync(Some.User("ann"), Cancel))!);
    }
}
