using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class SqliteConnectionStoreTests : ConnectionStoreContract
{
    private readonly string _folder = TempFolder.Create("sqlite");

    private protected override Task<IConnectionStore> StoreAsync() => Task.FromResult<IConnectionStore>(Open(_folder));

    [Fact]
    public async Task A_restart_finds_what_was_stored()
    {
        await (await StoreAsync()).StoreAsync(New("ann"), Cancel);

        Assert.NotNull(await Open(_folder).FindAsync(Some.User("ann"), Cancel));
    }

    [Fact]
    public async Task Only_the_own_user_may_read_the_file()
    {
        await (await StoreAsync()).StoreAsync(New("ann"), Cancel);

        foreach (var file in Directory.GetFiles(_folder)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_told_as_unavailable()
    {
        var file = Path.Combine(_folder, "a-file");
        await File.WriteAllTextAsync(file, "", Cancel);

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => Open(Path.Combine(file, "folder")).EnsureWritableAsync(Cancel));
    }

    private static SqliteConnectionStore Open(string folder)
    {
        var database = new SqliteDatabase(folder);
        return new SqliteConnectionStore(database, new SchemaReadiness(database.Migrate, NullLogger<SchemaReadiness>.Instance));
    }
}
