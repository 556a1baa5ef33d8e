using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Hosting;

/// <summary>
/// The TCP ports of the listeners, known once the host has started. They differ from the configured ones where those are 0.
/// </summary>
public sealed class ListenerPorts
{
    /// <summary>Port of the public listener, 1–65535.</summary>
    public int Public => PublicListener!.IPEndPoint!.Port;

    /// <summary>Port of the internal listener, 1–65535.</summary>
    public int Internal => InternalListener!.IPEndPoint!.Port;

    internal ListenOptions? PublicListener { get; set; }

    internal ListenOptions? InternalListener { get; set; }
}
