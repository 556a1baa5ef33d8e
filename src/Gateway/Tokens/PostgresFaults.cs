using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>What a failure of the driver means.</summary>
internal static class PostgresFaults
{
    /// <summary>
    /// Whether it is the database that could not serve. Where no socket can be made (no file descriptor is left), the driver lets the
    /// system's own exception through.
    /// </summary>
    public static bool IsOne(Exception failure) => failure is DbException or TimeoutException or SocketException;

    /// <summary>Whether the connection broke, so that another one may serve. One that is slow is no such case.</summary>
    public static bool IsBrokenConnection(NpgsqlException failure) => failure is { IsTransient: true, InnerException: not TimeoutException };
}
