using System.Data;
using Dapper;
using FathomGateway.Settings;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// How values stand in the databases. PostgreSQL has types for all of them; in SQLite a time is milliseconds since 1970-01-01 UTC, a span
/// milliseconds, and an id text.
/// </summary>
internal static class DatabaseValues
{
    /// <summary>Tells Dapper, once for the process.</summary>
    public static void Register()
    {
        // Its own maps of these types come first otherwise.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.RemoveTypeMap(typeof(TimeSpan));
        SqlMapper.RemoveTypeMap(typeof(TimeSpan?));
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new Times());
        SqlMapper.AddTypeHandler(new Spans());
        SqlMapper.AddTypeHandler(new Ids());
        SqlMapper.AddTypeHandler(new UserIds());
        SqlMapper.AddTypeHandler(new SealedTokens());
    }

    private sealed class Times : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = parameter is SqliteParameter ? value.ToUnixTimeMilliseconds() : value.UtcDateTime;

        public override DateTimeOffset Parse(object value) =>
            value is long milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : (DateTime)value;
    }

    private sealed class Spans : SqlMapper.TypeHandler<TimeSpan>
    {
        public override void SetValue(IDbDataParameter parameter, TimeSpan value) =>
            parameter.Value = parameter is SqliteParameter ? (long)value.TotalMilliseconds : value;

        public override TimeSpan Parse(object value) =>
            value is long milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan)value;
    }

    private sealed class Ids : SqlMapper.TypeHandler<Guid>
    {
        public override void SetValue(IDbDataParameter parameter, Guid value) =>
            parameter.Value = parameter is SqliteParameter ? value.ToString() : value;

        public override Guid Parse(object value) => value is string text ? Guid.Parse(text) : (Guid)value;
    }

    private sealed class UserIds : SqlMapper.TypeHandler<UserId>
    {
        public override void SetValue(IDbDataParameter parameter, UserId value) => parameter.Value = value.Value;

        /// <exception cref="DataException">The text is no user id. A row that was found by its user's id has none such.</exception>
        public override UserId Parse(object value) =>
            UserId.TryParse((string)value, out var id) ? id : throw new DataException("No user id.");
    }

    private sealed class SealedTokens : SqlMapper.TypeHandler<SealedToken>
    {
        public override void SetValue(IDbDataParameter parameter, SealedToken value) => parameter.Value = value.Text;

        public override SealedToken Parse(object value) => new((string)value);
    }
}
