using System.Collections.Immutable;
using System.Data;
using System.Data.Common;
using Dapper;

namespace FathomGateway.Tokens;

/// <summary>Statements on ciphertext alone, spelled so that PostgreSQL and SQLite both take them.</summary>
internal static class SealedRowSql
{
    /// <summary>Seconds that counting may take: it reads the whole table, and nobody waits for an answer meanwhile.</summary>
    private const int CountTimeout = 120;

    /// <summary>Both databases order user ids by their bytes, and none is empty.</summary>
    private static readonly string PageSql =
        $"SELECT user_id, version, {EachColumn(name => name, ", ")} FROM fathom_connections WHERE user_id > @After ORDER BY user_id LIMIT @Count";

    private static readonly string ResealSql =
        $"UPDATE fathom_connections SET {EachColumn(name => $"{name} = @new_{name}", ", ")} "
        + $"WHERE user_id = @User AND version = @Version AND {EachColumn(name => $"{name} IS NOT DISTINCT FROM @old_{name}", " AND ")}";

    private static readonly string ElsewhereSql =
        $"SELECT count(*) FROM fathom_connections WHERE {EachColumn(name => $"substr({name}, 1, length(@Prefix)) <> @Prefix", " OR ")}";

    public static async Task<IReadOnlyList<SealedRow>> PageAsync(DbConnection connection, string after, int count, CancellationToken cancel)
    {
        var rows = new List<SealedRow>(count);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(PageSql, new { After = after, Count = count }, cancellationToken: cancel));
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(new SealedRow(reader.GetString(0), reader.GetInt64(1), [.. SealedColumns.All.Select((_, i) => Token(reader, i + 2))]));
        }

        return rows;
    }

    public static async Task<bool> ResealAsync(DbConnection connection, SealedRow met, ImmutableArray<SealedToken?> resealed)
    {
        var values = new DynamicParameters(new { met.User, met.Version });
        for (var i = 0; i < SealedColumns.All.Length; i++)
        {
            values.Add($"old_{SealedColumns.All[i].Name}", met.Tokens[i]?.Text, DbType.String);
            values.Add($"new_{SealedColumns.All[i].Name}", resealed[i]?.Text, DbType.String);
        }

        return await connection.ExecuteAsync(ResealSql, values) == 1;
    }

    public static Task<long> CountAsync(DbConnection connection, CancellationToken cancel) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM fathom_connections", commandTimeout: CountTimeout, cancellationToken: cancel));

    public static Task<long> CountReconnectRequiredAsync(DbConnection connection, CancellationToken cancel) =>
        connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT count(*) FROM fathom_connections WHERE reconnect_reason IS NOT NULL", commandTimeout: CountTimeout, cancellationToken: cancel));

    public static Task<long> CountElsewhereAsync(DbConnection connection, string prefix, CancellationToken cancel) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(ElsewhereSql, new { Prefix = prefix }, commandTimeout: CountTimeout, cancellationToken: cancel));

    private static string EachColumn(Func<string, string> text, string separator) => string.Join(separator, SealedColumns.All.Select(one => text(one.Name)));

    private static SealedToken? Token(DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : new SealedToken(reader.GetString(ordinal));
}
