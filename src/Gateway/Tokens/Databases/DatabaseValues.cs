using System.Data;
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// Converts values to and from the databases. PostgreSQL has types for all of them. In SQLite a time is milliseconds since 1970-01-01 UTC,
/// a span milliseconds, an id text, and an array JSON. Times are read in UTC from both.
/// </summary>
internal static partial class DatabaseValues
{
    /// <param name="value">A null is written as text.</param>
    public static void Write(DbParameter parameter, object? value)
    {
        var isSqlite = parameter is SqliteParameter;
        // PostgreSQL needs the type of a null to choose functions and operators.
        if (value is null) parameter.DbType = DbType.String;
        parameter.Value = value switch
        {
            null => DBNull.Value,
            UserId user => user.Value,
            SealedToken token => token.Text,
            DateTimeOffset time => isSqlite ? time.ToUnixTimeMilliseconds() : time.UtcDateTime,
            TimeSpan span when isSqlite => (long)span.TotalMilliseconds,
            Guid id when isSqlite => id.ToString(),
            string[] texts when isSqlite => JsonSerializer.Serialize(texts, ArrayContext.Default.StringArray),
            long[] numbers when isSqlite => JsonSerializer.Serialize(numbers, ArrayContext.Default.Int64Array),
            _ => value,
        };
    }

    public static DateTimeOffset GetTime(this DbDataReader row, string name) =>
        row is SqliteDataReader ? DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(name)) : row.GetDateTime(name);

    public static DateTimeOffset? GetTimeOrNull(this DbDataReader row, string name) => row.IsDBNull(name) ? null : row.GetTime(name);

    public static Guid? GetGuidOrNull(this DbDataReader row, string name) => row.IsDBNull(name) ? null : row.GetGuid(name);

    public static string? GetStringOrNull(this DbDataReader row, string name) => row.GetStringOrNull(row.GetOrdinal(name));

    public static string? GetStringOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static UserId GetUserId(this DbDataReader row, string name) => UserId.OfStored(row.GetString(name));

    public static SealedToken GetToken(this DbDataReader row, string name) => new(row.GetString(name));

    public static SealedToken? GetTokenOrNull(this DbDataReader row, string name) =>
        row.GetStringOrNull(name) is { } text ? new SealedToken(text) : null;

    [JsonSerializable(typeof(string[]))]
    [JsonSerializable(typeof(long[]))]
    private sealed partial class ArrayContext : JsonSerializerContext;
}
