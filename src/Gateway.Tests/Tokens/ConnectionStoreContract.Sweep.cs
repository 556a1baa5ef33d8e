using FathomGateway.Keys;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public abstract partial class ConnectionStoreContract
{
    private const int PageSize = 2;

    [Fact]
    public async Task Pages_of_rows_have_every_row_once_in_the_byte_order_of_user_ids()
    {
        var store = await StoreAsync();
        string[] users = ["Z", "a", "a ", "b'", "\u00e9", "\uff5e", "\U0001F642"];
        foreach (var user in users.Reverse()) await store.StoreAsync(New(user), Cancel);

        var met = new List<string>();
        while (await store.PageAsync(met.LastOrDefault(""), PageSize, Cancel) is { Count: > 0 } page)
            met.AddRange(page.Select(row => row.User));
        Assert.Equal(users, met);
        Assert.Equal(users.Length, await store.CountAsync(Cancel));
    }

    [Fact]
    public async Task Resealing_a_row_changes_its_ciphertext_and_nothing_else()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann"), Cancel);
        await store.StoreAsync(New("ben"), Cancel);
        var (before, ben) = (await store.FindAsync(Some.User("ann"), Cancel), await store.FindAsync(Some.User("ben"), Cancel));

        var met = await ReadFirstRowAsync(store);
        Assert.True(await store.ResealAsync(met, met with { AccessToken = new("v1:n:a"), RefreshToken = new("v1:n:r") }));

        Assert.Equal(
            before! with { AccessToken = new("v1:n:a"), RefreshToken = new("v1:n:r") }, await store.FindAsync(Some.User("ann"), Cancel));
        Assert.Equal(ben, await store.FindAsync(Some.User("ben"), Cancel));
    }

    [Fact]
    public async Task A_row_without_a_refresh_token_is_resealed_too()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann") with { RefreshToken = null }, Cancel);
        var met = await ReadFirstRowAsync(store);

        Assert.Null(met.RefreshToken);
        Assert.True(await store.ResealAsync(met, met with { AccessToken = new("v1:n:a") }));
        Assert.Null((await store.FindAsync(Some.User("ann"), Cancel))!.RefreshToken);
    }

    [Fact]
    public async Task A_row_that_was_written_or_deleted_since_it_was_read_is_not_resealed_T25()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("ann"), Cancel);
        var met = await ReadFirstRowAsync(store);

        // Another version with the same text, and the same version with another text.
        Assert.False(
            await store.ResealAsync(met with { Version = 2 }, met with { AccessToken = new("v1:n:a"), RefreshToken = new("v1:n:r") }));
        Assert.False(await store.ResealAsync(
            met with { RefreshToken = new("v1:k:other") }, met with { AccessToken = new("v1:n:a"), RefreshToken = new("v1:n:r") }));
        Assert.False(await store.ResealAsync(
            met with { RefreshToken = null }, met with { AccessToken = new("v1:n:a"), RefreshToken = new("v1:n:r") }));
        Assert.Equal("v1:k:access", (await store.FindAsync(Some.User("ann"), Cancel))!.AccessToken.Text);

        await store.DeleteAsync(Some.User("ann"), Cancel);
        Assert.False(await store.ResealAsync(met, met with { AccessToken = new("v1:n:a"), RefreshToken = new("v1:n:r") }));
        Assert.Equal(0, await store.CountAsync(Cancel));
    }

    [Fact]
    public async Task Rows_under_another_key_are_counted_by_either_token()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("both"), Cancel);
        await store.StoreAsync(New("one") with { RefreshToken = new("v1:other:r") }, Cancel);
        await store.StoreAsync(New("none") with { RefreshToken = null }, Cancel);

        Assert.Equal(1, (await store.CountSealedWithOtherAsync([Key("k")], Cancel)).Matching);
        Assert.Equal(3, (await store.CountSealedWithOtherAsync([Key("_")], Cancel)).Matching);
        Assert.Equal(3, (await store.CountSealedWithOtherAsync([Key("other")], Cancel)).Matching);
    }

    private static EncryptionKey Key(string kid) => new(kid, []);

    private static async Task<SealedRow> ReadFirstRowAsync(ConnectionStore store) => (await store.PageAsync("", 1, Cancel))[0];
}
