using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>What every connection store promises; run against each of them.</summary>
public abstract partial class ConnectionStoreContract
{
    private protected abstract Task<ConnectionStore> StoreAsync();

    /// <summary>As if the database's clock were set back by an hour: all that is stored moves into the future.</summary>
    private protected abstract Task SetClockBackAsync();

    [Fact]
    public async Task A_new_database_is_writable_and_has_no_connection()
    {
        var store = await StoreAsync();
        await store.EnsureWritableAsync(Cancel);

        Assert.Null(await store.FindAsync(Some.User("nobody"), Cancel));
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("'; DROP TABLE fathom_connections; --")]
    [InlineData("ü 用户 🙂")]
    public async Task A_stored_connection_is_found_as_it_was_stored_T26(string user)
    {
        var store = await StoreAsync();
        var stored = New(user);
        await store.StoreAsync(stored, Cancel);

        var found = await store.FindAsync(stored.UserId, Cancel);
        Assert.NotNull(found);
        Assert.Equal((stored.UserId, stored.GrantId, 1L), (found.UserId, found.GrantId, found.Version));
        Assert.Equal((stored.AccessToken, stored.RefreshToken, stored.Scope), (found.AccessToken, found.RefreshToken, found.Scope));
        Assert.Equal(stored.Lifetime, found.ExpiresAt - found.ConnectedAt);
        Assert.Equal(DateTimeOffset.UtcNow, found.ConnectedAt, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_connection_may_lack_refresh_token_and_scope()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann") with { RefreshToken = null, Scope = null }, Cancel);

        var found = await store.FindAsync(Some.User("ann"), Cancel);
        Assert.Equal((null, null), (found!.RefreshToken, found.Scope));
    }

    [Fact]
    public async Task A_later_connect_replaces_the_whole_row()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann"), Cancel);
        var second = New("ann") with { AccessToken = new SealedToken("other"), RefreshToken = null };
        await store.StoreAsync(second, Cancel);

        var found = await store.FindAsync(Some.User("ann"), Cancel);
        Assert.Equal((2L, second.GrantId), (found!.Version, found.GrantId));
        Assert.Equal((second.AccessToken, null), (found.AccessToken, found.RefreshToken));
    }

    [Fact]
    public async Task A_repeated_store_of_the_same_grant_changes_nothing_F8()
    {
        var store = await StoreAsync();
        var connection = New("ann");
        await store.StoreAsync(connection, Cancel);
        var before = await store.FindAsync(connection.UserId, Cancel);
        await store.StoreAsync(connection, Cancel);

        Assert.Equal(before, await store.FindAsync(connection.UserId, Cancel));
    }

    [Fact]
    public async Task Users_that_differ_in_case_or_spelling_are_different_users_T21()
    {
        var store = await StoreAsync();
        string[] users = ["u1", "U1", "\u00e9", "e\u0301", "u1 "];
        foreach (var user in users) await store.StoreAsync(New(user), Cancel);

        foreach (var user in users) Assert.Equal(1, (await store.FindAsync(Some.User(user), Cancel))!.Version);
    }

    [Fact]
    public async Task Concurrent_connects_of_one_user_leave_one_row_of_one_grant()
    {
        var store = await StoreAsync();
        var all = Enumerable.Range(0, 20)
            .Select(i => New("ann") with { AccessToken = new SealedToken($"a{i}"), RefreshToken = new SealedToken($"r{i}") })
            .ToArray();
        await Task.WhenAll(all.Select(one => Task.Run(() => PatientlyAsync(() => store.StoreAsync(one, Cancel)))));

        var found = await store.FindAsync(Some.User("ann"), Cancel);
        var winner = Assert.Single(all, one => one.GrantId == found!.GrantId);
        Assert.Equal((winner.AccessToken, winner.RefreshToken), (found!.AccessToken, found.RefreshToken));
        Assert.True(found.Version >= all.Length, $"{found.Version} versions");
    }

    /// <summary>Once the schema is there: a migration may take longer than a request would wait for it.</summary>
    private protected static async Task<ConnectionStore> WithSchemaAsync(ConnectionStore store)
    {
        await PatientlyAsync(() => store.FindAsync(Some.User("nobody"), Cancel));
        return store;
    }

    /// <summary>
    /// A store gives up after a few seconds for a user who waits; twenty at once on a machine with other work may need longer.
    /// </summary>
    private protected static Task PatientlyAsync(Func<Task> ask) => Eventually.BecomesTrueAsync(
        async () =>
        {
            await ask();
            return true;
        },
        TimeSpan.FromSeconds(60),
        "the store has done it");

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static IssuedTokens New(string user) => ConnectionRows.Issued(
        Some.User(user), new SealedToken("v1:k:access"), new SealedToken("v1:k:refresh"), "a-scope");
}
