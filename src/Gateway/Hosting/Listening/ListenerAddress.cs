using System.Net;

namespace FathomGateway.Hosting.Listening;

/// <summary>An address that the gateway listens on.</summary>
/// <param name="PortName">The setting that holds the port.</param>
/// <param name="HostName">The setting that holds the address.</param>
/// <param name="Address">Null for all interfaces.</param>
/// <param name="Port">0 lets the system choose.</param>
internal sealed record ListenerAddress(string PortName, string HostName, IPAddress? Address, int Port)
{
    public bool IsAnyAddress => Address is null || Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);
}
