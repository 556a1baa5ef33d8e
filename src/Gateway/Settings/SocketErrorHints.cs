using System.Net.Sockets;

namespace FathomGateway.Settings;

/// <summary>What a failure to reach a server means for an operator, and what to do about it: the same for Redis and for PostgreSQL.</summary>
internal static class SocketErrorHints
{
    /// <param name="settingName">The setting that holds the server's address.</param>
    /// <returns>The end of a sentence about the server; null for failures with no remedy of their own.</returns>
    public static string? Of(SocketException failure, string settingName) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"refuses the connection: check that it runs, and host and port in {settingName}",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
            $"has a name that nobody knows (DNS): correct the host in {settingName}",
        _ => null,
    };
}
