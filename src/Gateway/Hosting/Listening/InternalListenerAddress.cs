using System.Net;
using FathomGateway.Settings;

namespace FathomGateway.Hosting.Listening;

/// <summary>The address at which a program on the same machine reaches the internal listener.</summary>
internal static class InternalListenerAddress
{
    public static Uri Of(SettingsReader settings)
    {
        var port = settings.Port("MANAGEMENT_PORT", ListenerSetup.DefaultManagementPort);
        var bound = ListenerSetup.Address(settings, "MANAGEMENT_HOST", IPAddress.Loopback);
        // The unspecified address is for listening, not for connecting.
        var host = bound is null || bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : bound;
        return new UriBuilder(Uri.UriSchemeHttp, host.ToString(), port).Uri;
    }
}
