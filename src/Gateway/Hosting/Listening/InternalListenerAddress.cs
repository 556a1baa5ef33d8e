using System.Net;
using FathomGateway.Settings;

namespace FathomGateway.Hosting.Listening;

/// <summary>Where a program on the same machine reaches the internal listener of a gateway with these settings.</summary>
internal static class InternalListenerAddress
{
    public static Uri Of(SettingsReader settings)
    {
        var port = settings.Port("MANAGEMENT_PORT", ListenerSetup.DefaultManagementPort);
        var bound = ListenerSetup.Address(settings, "MANAGEMENT_HOST", IPAddress.Loopback);
        // "All interfaces" is an address to listen on, not one to call.
        var host = bound is null || bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : bound;
        return new UriBuilder(Uri.UriSchemeHttp, host.ToString(), port).Uri;
    }
}
