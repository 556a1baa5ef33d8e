using FathomGateway.Keys;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class ReencryptionTests
{
    private static readonly EncryptionKey Old = Key("old"), New = Key("new"), Lost = Key("lost");

    private readonly ConnectionStore _store;
    private readonly TokenCipher _cipher = Cipher(New, Old);
    private readonly ReencryptionCount _count = new();

    public ReencryptionTests()
    {
        var file = new SqliteFile(TempFolder.Create("sqlite"));
        file.MigrateAsync().GetAwaiter().GetResult();
        _store = new ConnectionStore(MigratingDatabase.Of(file));
    }

    [Fact]
    public async Task Every_row_is_re_encrypted_with_the_first_key_and_opens_as_before_T25()
    {
        for (var i = 0; i < 450; i++) await StoreAsync($"user{i}", i % 3 == 0 ? New : Old);

        await RunAsync();

        Assert.Equal((300, 150, 0, 0), (_count.Moved, _count.AlreadyThere, _count.Unreadable, _count.WrittenElsewhere));
        for (var i = 0; i < 450; i++) await AssertOpensAsync($"user{i}", Cipher(New));
    }

    [Fact]
    public async Task A_re_encryption_that_was_stopped_half_way_continues_F20()
    {
        for (var i = 0; i < 10; i++) await StoreAsync($"user{i}", Old);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RunAsync(() => { if (_count.Processed == 4) stop.Cancel(); }, stop.Token));
        Assert.Equal(4, _count.Moved);

        var second = new ReencryptionCount();
        await new Reencryption(_store, _cipher).RunAsync(second, () => { }, Cancel);
        Assert.Equal((6, 4), (second.Moved, second.AlreadyThere));
    }

    [Fact]
    public async Task Rows_that_no_key_opens_are_counted_by_key_and_kept_unchanged_T25()
    {
        await StoreAsync("ann", Lost);
        await StoreAsync("ben", Lost);
        await StoreAsync("cid", Old);
        await _store.StoreAsync(Connection("dan", Old) with { AccessToken = new("plain"), RefreshToken = null }, Cancel);
        // Moved here from another row: the key is there, and does not open it.
        await _store.StoreAsync(Connection("ann", New) with { UserId = Some.User("eve") }, Cancel);
        var before = await _store.PageAsync("", 9, Cancel);

        await RunAsync();

        Assert.Equal((1, 4, 0), (_count.Moved, _count.Unreadable, _count.WrittenElsewhere));
        Assert.Equal([("", 1), ("lost", 2), ("new", 1)], _count.UnreadableByKid.Select(one => (one.Key, one.Value)));
        var after = await _store.PageAsync("", 9, Cancel);
        foreach (var i in (int[])[0, 1, 3, 4]) Assert.Equal(before[i], after[i]);
    }

    [Fact]
    public async Task A_row_whose_user_id_would_not_be_accepted_today_is_re_encrypted()
    {
        await StoreAsync("b\u200Fen", Old);
        await RunAsync();
        Assert.Equal((1, 0), (_count.Moved, _count.Unreadable));
        await AssertOpensAsync("b\u200Fen", Cipher(New));
    }

    [Fact]
    public async Task A_token_that_opens_is_re_encrypted_even_beside_one_that_does_not()
    {
        await _store.StoreAsync(
            Connection("ann", Old) with { AccessToken = Cipher(Lost).Seal("x", Some.User("ann"), TokenColumn.AccessToken) }, Cancel);

        await RunAsync();

        Assert.Equal((0, 1), (_count.Moved, _count.Unreadable));
        var row = await _store.FindAsync(Some.User("ann"), Cancel);
        Assert.Equal("refresh of ann", Cipher(New).Open(row!.RefreshToken!.Value, row.UserId, TokenColumn.RefreshToken));
    }

    [Fact]
    public async Task A_connect_during_a_re_encryption_wins_and_its_row_is_visited_again_T25()
    {
        await StoreAsync("ann", Old);
        await StoreAsync("ben", Old);
        await StoreAsync("cid", Old);
        var later =
            Connection("ben", Old) with { AccessToken = Cipher(Old).Seal("a newer one", Some.User("ben"), TokenColumn.AccessToken) };

        // The page was read before the first row is processed, so its other rows are out of date.
        await RunAsync(() =>
        {
            if (_count.Processed > 1) return;
            _store.StoreAsync(later, Cancel).Wait(Cancel);
            _store.DeleteAsync(Some.User("cid"), Cancel).Wait(Cancel);
        });

        Assert.Equal((2, 0), (_count.Moved, _count.WrittenElsewhere));
        var ben = await _store.FindAsync(Some.User("ben"), Cancel);
        Assert.Equal((later.GrantId, 2L), (ben!.GrantId, ben.Version));
        Assert.Equal("a newer one", Cipher(New).Open(ben.AccessToken, ben.UserId, TokenColumn.AccessToken));
    }

    [Fact]
    public async Task A_re_encryption_notices_a_gateway_that_still_writes_under_the_old_key()
    {
        await StoreAsync("ann", Old);
        await StoreAsync("ben", Old);

        await RunAsync(() => _store.StoreAsync(Connection("ann", Old), Cancel).Wait(Cancel));

        Assert.Equal((2, 1), (_count.Moved, _count.WrittenElsewhere));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static EncryptionKey Key(string kid) => KeyRingOf(TestSettings.NewKey(kid));

    private static EncryptionKey KeyRingOf(string entry) => new(entry.Split(':')[0], Convert.FromBase64String(entry.Split(':')[1]));

    private static TokenCipher Cipher(params EncryptionKey[] keys) => new(new KeyRing(keys));

    private static IssuedTokens Connection(string user, EncryptionKey key) => ConnectionRows.Issued(
        UserId.OfStored(user),
        Cipher(key).Seal($"access of {user}", UserId.OfStored(user), TokenColumn.AccessToken),
        Cipher(key).Seal($"refresh of {user}", UserId.OfStored(user), TokenColumn.RefreshToken));

    private Task<StoreResult> StoreAsync(string user, EncryptionKey key) => _store.StoreAsync(Connection(user, key), Cancel);

    private Task RunAsync(Action? rowProcessed = null, CancellationToken? stop = null) =>
        new Reencryption(_store, _cipher).RunAsync(_count, rowProcessed ?? (() => { }), stop ?? Cancel);

    private async Task AssertOpensAsync(string user, TokenCipher cipher)
    {
        var row = await _store.FindAsync(UserId.OfStored(user), Cancel);
        Assert.Equal($"access of {user}", cipher.Open(row!.AccessToken, row.UserId, TokenColumn.AccessToken));
        Assert.Equal($"refresh of {user}", cipher.Open(row.RefreshToken!.Value, row.UserId, TokenColumn.RefreshToken));
    }
}
