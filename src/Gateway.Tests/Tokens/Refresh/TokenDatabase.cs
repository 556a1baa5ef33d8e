using System.Data.Common;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>A new database of one of the two kinds, and what a test does beneath the stores: it lets time pass.</summary>
internal sealed class TokenDatabase
{
    public const string Postgres = "PostgreSQL", Sqlite = "SQLite";

    /// <summary>For tests that have a pooler: the first kind, through it.</summary>
    public const string Pooled = "PostgreSQL through a pooler";

    private TokenDatabase(string? url, string folder) => (Url, Folder) = (url, folder);

    /// <summary>For theories: what holds for the one holds for the other.</summary>
    public static TheoryData<string> Both => [Postgres, Sqlite];

    /// <summary>Null for SQLite.</summary>
    public string? Url { get; }

    public string Folder { get; }

    public static async Task<TokenDatabase> CreateAsync(RealStores stores, string kind) =>
        new(kind == Postgres ? await stores.NewDatabaseAsync() : null, TempFolder.Create("tokens"));

    /// <summary>An empty database on a server that the test may kill.</summary>
    public static async Task<TokenDatabase> OnAsync(PostgresServer server) => At(await server.CreateDatabaseAsync());

    /// <summary>A database of PostgreSQL that is there, by the way that the URL names.</summary>
    public static TokenDatabase At(string url) => new(url, TempFolder.Create("tokens"));

    /// <summary>The user's token was issued that much earlier, and so were its end and a lease on it.</summary>
    public Task AgeAsync(string user, TimeSpan by) => AgeAsync(user, by, "issued_at", "expires_at", "lease_until");

    /// <summary>What the row remembers of refusals and of forced refreshes was that much earlier.</summary>
    public Task RefusalsAgeAsync(string user, TimeSpan by) => AgeAsync(
        user, by, "refused_since", "retry_at", "last_forced_at", "second_last_forced_at", "third_last_forced_at");

    /// <summary>As if a lease that has just been taken had run out: it holds through the last millisecond of its time.</summary>
    public Task LeaseRunsOutAsync(string user) =>
        AgeAsync(user, FathomGateway.Tokens.Refresh.RefreshLease.Duration + TimeSpan.FromMilliseconds(1));

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test writes its SQL itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A connection of the test's own.</summary>
    public async Task<DbConnection> OpenAsync() =>
        Url is null ? new FathomGateway.Tokens.Databases.SqliteFile(Folder).Open() : await PostgresTestDatabase.OpenAsync(Url);

    private Task AgeAsync(string user, TimeSpan by, params string[] columns)
    {
        var span = Url is null ? $"{Ms(by)}" : $"'{Ms(by)} ms'::interval";
        var earlier = string.Join(", ", columns.Select(name => $"{name} = {name} - {span}"));
        return ExecuteAsync($"UPDATE fathom_connections SET {earlier} WHERE user_id = '{user}'");
    }

    private static long Ms(TimeSpan time) => (long)time.TotalMilliseconds;
}
