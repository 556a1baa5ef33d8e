using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Sandbox.Hosting;

/// <summary>What a failed start says about the port.</summary>
internal static class Binding
{
    /// <summary>True when a server could not start because its port is in use or needs more rights.</summary>
    public static bool Failed(Exception exception) => exception
        is AddressInUseException
        or IOException { InnerException: AddressInUseException }
        or IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied } }
        or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied };
}
