using System.Net.Sockets;
using System.Text.RegularExpressions;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>Explains failures of PostgreSQL to an operator, with the remedy.</summary>
internal static partial class PostgresErrorHints
{
    /// <summary>A predicate about PostgreSQL, without the names from <c>DATABASE_URL</c> that the server repeats.</summary>
    public static string Of(Exception failure) => failure switch
    {
        PostgresException answered => OfAnswer(answered),
        SocketException socket when SocketErrorHints.Of(socket, StoreChoice.DatabaseUrlName) is { } remedy => remedy,
        TimeoutException =>
            "does not answer in time: check host and port in DATABASE_URL, firewalls between, and that it is not overloaded",
        AggregateException several => Of(several.InnerExceptions[0]),
        NpgsqlException when failure.Message.Contains("No suitable host", StringComparison.Ordinal) =>
            "has no primary among the hosts of DATABASE_URL that can be reached",
        NpgsqlException when failure.Message.Contains("No password", StringComparison.Ordinal) =>
            "wants a password: write it into DATABASE_URL",
        NpgsqlException when failure.Message.Contains("No SSL enabled", StringComparison.Ordinal) =>
            "does not speak TLS: leave sslmode out of DATABASE_URL, or give the server a certificate",
        { InnerException: { } inner } => Of(inner),
        _ => $"cannot be used ({WithoutNames(failure.Message)}): check DATABASE_URL and its log",
    };

    private static string OfAnswer(PostgresException answer) => answer.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => "refuses user or password: correct them in DATABASE_URL",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"does not let this user in ({WithoutNames(answer.MessageText)}): correct the user in DATABASE_URL, "
                + "add sslmode=require where it asks for encryption, or add a line to its pg_hba.conf",

        PostgresErrorCodes.InvalidCatalogName =>
            $"has no such database ({WithoutNames(answer.MessageText)}): create it, or correct the name in DATABASE_URL",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"forbids it ({WithoutNames(answer.MessageText)}): grant this user USAGE and CREATE on the schema, and what it says",
        PostgresErrorCodes.TooManyConnections =>
            "has as many connections as it takes: raise its max_connections, or lower Maximum Pool Size in DATABASE_URL",
        PostgresErrorCodes.CannotConnectNow => "is starting or stopping: wait and look again",
        PostgresErrorCodes.ReadOnlySqlTransaction => "takes no writes: point DATABASE_URL at the primary, or list all hosts in it",
        PostgresErrorCodes.DiskFull => "has no disk left: make room",
        _ => $"answers {answer.SqlState} ({WithoutNames(answer.MessageText)}): look at its log",
    };

    /// <summary>Replaces quoted names: the server's messages put hosts, users and databases in double quotes.</summary>
    private static string WithoutNames(string message) => Name().Replace(message, "\"…\"").TrimEnd('.');

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Name();
}
