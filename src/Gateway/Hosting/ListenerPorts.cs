using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Hosting;

/// <summary>
/// The TCP ports of the listeners, known once the host has started. They differ from the configured ones where those are 0.
/// </summary>
public sealed class ListenerPorts
{
    public int Public => PublicListener!.IPEndPoint!.Port;

    public int Internal => InternalListener!.IPEndPoint!.Port;

    internal ListenOptions? PublicListener { get; set; }

    internal ListenOptions? InternalListener { get; set; }
}
