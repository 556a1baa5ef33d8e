using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>The pool of connections to PostgreSQL: to one host, or to that of several which takes writes.</summary>
internal static class PostgresDataSource
{
    public static NpgsqlDataSource Build(string connectionString, ILoggerFactory logs)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString).UseLoggerFactory(logs);
        // Which metrics and traces carry; without one, they would carry the connection string.
        builder.Name = DatabaseAddress.ApplicationName;
        if (!builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal)) return builder.Build();

        // With several hosts the driver wants to be asked for the kind of session, and refuses to be told in the text.
        var wanted = Wanted(builder.ConnectionStringBuilder.TargetSessionAttributes);
        builder.ConnectionStringBuilder.TargetSessionAttributes = null;
        return builder.BuildMultiHost().WithTargetSession(wanted);
    }

    private static TargetSessionAttributes Wanted(string? text) =>
        Enum.TryParse<TargetSessionAttributes>(text?.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var wanted) ? wanted : TargetSessionAttributes.Primary;
}
