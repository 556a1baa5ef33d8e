using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class SqliteConnectionStoreTests : ConnectionStoreContract
{
    private readonly string _folder = TempFolder.Create("sqlite");

    private protected override Task<ConnectionStore> StoreAsync() => WithSchemaAsync(Open(_folder));

    private protected override async Task SetClockBackAsync()
    {
        await using var connection = new SqliteFile(_folder).Open();
        const int Hour = 3_600_000;
        await connection.ExecuteAsync(
            $"UPDATE fathom_connections SET connected_at = connected_at + {Hour}; UPDATE fathom_disconnects SET disconnected_at = "
                + $"disconnected_at + {Hour}");
    }

    [Fact]
    public async Task A_restarted_SQLite_store_finds_what_was_stored()
    {
        await (await StoreAsync()).StoreAsync(New("ann"), Cancel);

        Assert.NotNull(await Open(_folder).FindAsync(Some.User("ann"), Cancel));
    }

    [Fact]
    public async Task The_SQLite_file_is_readable_by_its_owner_alone()
    {
        await (await StoreAsync()).StoreAsync(New("ann"), Cancel);

        foreach (var file in Directory.GetFiles(_folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_created_is_reported_as_unavailable()
    {
        var file = Path.Combine(_folder, "a-file");
        await File.WriteAllTextAsync(file, "", Cancel);

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => Open(Path.Combine(file, "folder")).EnsureWritableAsync(Cancel));
    }

    /// <summary>
    /// SQLite's lock is not fair: among many writers, one may lose every time until its timeout ends.
    /// </summary>
    [Fact]
    public async Task Writers_of_the_SQLite_file_are_served_in_the_order_of_their_arrival()
    {
        var store = await StoreAsync();
        await store.StoreAsync(New("first"), Cancel);
        string[] users = [.. Enumerable.Range(0, 20).Select(number => $"user-{number:00}")];
        List<Task> waiting = [];
        await using (var other = new SqliteFile(_folder).Open())
        {
            await using var writing = other.BeginTransaction(deferred: false);
            foreach (var user in users) waiting.Add(store.StoreAsync(New(user), Cancel));
            await writing.CommitAsync(Cancel);
        }

        await Task.WhenAll(waiting);

        await using var reader = new SqliteFile(_folder).Open();
        Assert.Equal(users, await reader.ListAsync(
            "SELECT user_id FROM fathom_connections WHERE user_id <> 'first' ORDER BY rowid",
            null,
            row => row.GetString(0),
            cancel: Cancel));
    }

    private static ConnectionStore Open(string folder)
    {
        var file = new SqliteFile(folder);
        return new ConnectionStore(MigratingDatabase.Of(file));
    }
}
