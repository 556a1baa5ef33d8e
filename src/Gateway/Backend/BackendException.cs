using System.Net.Sockets;
using System.Security.Authentication;

namespace FathomGateway.Backend;

/// <summary>Why an exchange with a server failed.</summary>
internal enum BackendFailure
{
    /// <summary>The name cannot be resolved.</summary>
    Name,

    /// <summary>No address accepts connections.</summary>
    Connect,

    /// <summary>No connection was established in time.</summary>
    ConnectTimeout,

    /// <summary>The TLS handshake failed, or the certificate is not trusted.</summary>
    Tls,

    /// <summary>The connection ended or broke before the response's head was complete.</summary>
    NoResponse,

    /// <summary>The response violates HTTP, or exceeds a limit.</summary>
    InvalidResponse,
}

/// <summary>An exchange with a server has failed. The message holds no address and no data of the exchange.</summary>
internal sealed class BackendException(
    BackendFailure failure, Exception? inner = null) : IOException($"The backend failed: {failure}.", inner)
{
    public BackendFailure Failure => failure;

    public static BackendException OfConnect(Exception failure) => new(
        failure switch
        {
            SocketException { SocketErrorCode: var code } when IsOfName(code) => BackendFailure.Name,
            OperationCanceledException => BackendFailure.ConnectTimeout,
            AuthenticationException => BackendFailure.Tls,
            _ => BackendFailure.Connect,
        },
        failure);

    private static bool IsOfName(SocketError code) =>
        code is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery;
}
