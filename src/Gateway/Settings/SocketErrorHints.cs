using System.Net.Sockets;

namespace FathomGateway.Settings;

/// <summary>Explains failures to reach a server to an operator, with the remedy; for Redis and PostgreSQL.</summary>
internal static class SocketErrorHints
{
    /// <param name="settingName">The setting with the server's address.</param>
    /// <returns>A predicate about the server; null for failures without a specific remedy.</returns>
    public static string? Of(SocketException failure, string settingName) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"refuses the connection: check that it runs, and host and port in {settingName}",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
            $"has an unknown host name (DNS): correct the host in {settingName}",
        _ => null,
    };
}
