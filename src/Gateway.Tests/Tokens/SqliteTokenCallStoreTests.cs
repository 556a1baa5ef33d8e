using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace FathomGateway.Tests.Tokens;

public sealed class SqliteTokenCallStoreTests : TokenCallStoreContract, IDisposable
{
    private readonly SqliteDatabase _database = new(TempFolder.Create("sqlite"));

    public void Dispose() => _database.Dispose();

    private protected override Task<ITokenCallStore> ReplicaAsync() => Task.FromResult<ITokenCallStore>(Open(_database));

    private protected override async Task<ITokenCallStore> BrokenAsync()
    {
        var file = Path.Combine(TempFolder.Create("sqlite"), "a-file");
        await File.WriteAllTextAsync(file, "", Cancel);
        return Open(new SqliteDatabase(Path.Combine(file, "folder")));
    }

    private protected override async Task AgeAsync(TimeSpan by)
    {
        await QueryAsync($"UPDATE fathom_token_calls SET called_at = called_at - {(long)by.TotalMilliseconds}");
        await QueryAsync($"UPDATE fathom_token_pause SET paused_until = paused_until - {(long)by.TotalMilliseconds}");
    }

    private protected override async Task<long> RowsAsync() => (long)(await QueryAsync("SELECT count(*) FROM fathom_token_calls"))!;

    private async Task<object?> QueryAsync(string sql)
    {
        await using var connection = _database.Open();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test writes its SQL itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Cancel);
    }

    private static SqliteTokenCallStore Open(SqliteDatabase database) =>
        new(database, new SchemaReadiness(database.Migrate, NullLogger<SchemaReadiness>.Instance));
}
