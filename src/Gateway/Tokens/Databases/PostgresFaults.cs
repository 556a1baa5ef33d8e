using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>Classifies exceptions of the driver.</summary>
internal static class PostgresFaults
{
    /// <summary>
    /// Whether the database could not serve. Where no socket can be created (no file descriptor is left), the driver lets the system's own
    /// exception through.
    /// </summary>
    public static bool IsOne(Exception failure) => failure is DbException or TimeoutException or SocketException;

    /// <summary>Whether an answer did not come in time.</summary>
    public static bool IsSlow(Exception failure) =>
        failure is OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException };
}
