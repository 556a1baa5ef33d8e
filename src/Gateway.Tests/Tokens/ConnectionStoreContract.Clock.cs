using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>The database's clock orders what a user does, as far as it can be trusted.</summary>
public abstract partial class ConnectionStoreContract
{
    [Fact]
    public async Task A_time_from_before_the_clock_was_set_back_never_beats_a_newer_connect_F22()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann"), Cancel);
        await store.DeleteAsync(Some.User("bob"), Cancel);
        await SetClockBackAsync();
        var (later, now) = (New("ann"), (await store.MomentAsync(Some.User("ann"), Cancel)).Now);

        Assert.Equal(StoreResult.Stored, await store.StoreAsync(later, now, Cancel));
        Assert.Equal(StoreResult.Stored, await store.StoreAsync(New("bob"), now, Cancel));
        Assert.Equal(
            (later.GrantId, now), await store.FindAsync(later.UserId, Cancel) is { } row ? (row.GrantId, row.ConnectedAt) : default);
    }

    [Fact]
    public async Task Tokens_are_never_stored_as_issued_in_the_future()
    {
        var store = await StoreAsync();
        var connection = New("ann");
        var now = (await store.MomentAsync(connection.UserId, Cancel)).Now;

        await store.StoreAsync(connection, now + TimeSpan.FromHours(1), Cancel);

        Assert.Equal(now, (await store.FindAsync(connection.UserId, Cancel))!.ConnectedAt, Minute);
    }

    [Fact]
    public async Task A_late_disconnect_leaves_a_connection_made_after_it_was_asked_for_F9()
    {
        var store = await StoreAsync();
        var (older, newer) = (New("ann"), New("ann"));
        var now = (await store.MomentAsync(Some.User("ann"), Cancel)).Now;
        await store.StoreAsync(older, now - (3 * Minute), Cancel);

        Assert.Equal(older.GrantId, (await store.DeleteAsync(older.UserId, Cancel, age: () => 2 * Minute))!.GrantId);
        await store.StoreAsync(newer, now - Minute, Cancel);
        Assert.Null(await store.DeleteAsync(older.UserId, Cancel, age: () => 2 * Minute));

        Assert.Equal(newer.GrantId, (await store.FindAsync(older.UserId, Cancel))!.GrantId);
        // A disconnect that was asked for after it deletes it, and an older one does not take back its time.
        Assert.NotNull(await store.DeleteAsync(older.UserId, Cancel));
        Assert.Null(await store.DeleteAsync(older.UserId, Cancel, age: () => 2 * Minute));
        Assert.Equal(StoreResult.Disconnected, await store.StoreAsync(New("ann"), now - Minute, Cancel));
    }

    /// <summary>A moment of the database's that comes after all that has been stored, in milliseconds too.</summary>
    private static async Task<DateTimeOffset> LaterAsync(ConnectionStore store)
    {
        var earlier = (await store.MomentAsync(Some.User("nobody"), Cancel)).Now;
        var later = earlier;
        await Eventually.BecomesTrueAsync(
            async () => (later = (await store.MomentAsync(Some.User("nobody"), Cancel)).Now) > earlier + TimeSpan.FromMilliseconds(1),
            TimeSpan.FromSeconds(60),
            "time passes");
        return later;
    }
}
