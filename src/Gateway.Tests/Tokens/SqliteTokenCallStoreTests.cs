using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tests.Tokens;

public sealed class SqliteTokenCallStoreTests : TokenCallStoreContract
{
    private readonly SqliteFile _file = new(TempFolder.Create("sqlite"));

    private protected override Task<TokenCallStore> ReplicaAsync() => Task.FromResult<TokenCallStore>(Open(_file));

    private protected override async Task<TokenCallStore> BrokenAsync()
    {
        var file = Path.Combine(TempFolder.Create("sqlite"), "a-file");
        await File.WriteAllTextAsync(file, "", Cancel);
        return Open(new SqliteFile(Path.Combine(file, "folder")));
    }

    private protected override async Task AgeAsync(TimeSpan by)
    {
        await QueryAsync($"UPDATE fathom_token_calls SET called_at = called_at - {(long)by.TotalMilliseconds}");
        await QueryAsync($"UPDATE fathom_exchanges SET called_at = called_at - {(long)by.TotalMilliseconds}");
        await QueryAsync($"UPDATE fathom_token_pause SET paused_until = paused_until - {(long)by.TotalMilliseconds}");
    }

    private protected override async Task<long> RowsAsync() =>
        (long)(await QueryAsync("SELECT (SELECT count(*) FROM fathom_token_calls) + (SELECT count(*) FROM fathom_exchanges)"))!;

    private async Task<object?> QueryAsync(string sql)
    {
        await using var connection = _file.Open();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test writes its SQL itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Cancel);
    }

    private static TokenCallStore Open(SqliteFile file) =>
        new(MigratingDatabase.Of(file));
}
