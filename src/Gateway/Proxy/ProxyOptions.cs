using FathomGateway.Settings;

namespace FathomGateway.Proxy;

/// <summary>What an operator can choose about forwarding; all else stands in <c>yarp.json</c>.</summary>
/// <param name="BackendUrl">Address of the backend, replacing the destinations of cluster <c>backend</c>; null to take those of <c>yarp.json</c>.</param>
/// <param name="AppendForwardedFor">Whether the peer's address is appended to <c>X-Forwarded-For</c>; otherwise the field goes on as received.</param>
/// <param name="StripEdgeHeaders">Whether the fields that the gateway's own edge put in (Cloudflare's) are dropped: a second edge in front of the backend refuses them.</param>
/// <param name="HostFromClient">Whether the backend gets the <c>Host</c> that the client asked for, in place of its own.</param>
internal sealed record ProxyOptions(Uri? BackendUrl, bool AppendForwardedFor, bool StripEdgeHeaders, bool HostFromClient)
{
    public const string BackendUrlName = "BACKEND_URL";
    public const string BackendHostName = "BACKEND_HOST";

    public static ProxyOptions Read(SettingsReader settings)
    {
        if (FromFile(settings) is { } inFile) settings.NoteDefault(BackendUrlName, inFile, "yarp.json");
        var backend = settings.OptionalUrl(BackendUrlName);
        if (backend is { Query.Length: > 0 })
        {
            settings.Fault(BackendUrlName, "carries a query: leave out everything from the ? on.");
        }

        return new ProxyOptions(
            backend,
            settings.OneOf("FORWARDED_FOR", "keep", "keep", "append") == "append",
            settings.Flag("STRIP_EDGE_HEADERS", fallback: settings.Flag("RENDER")),
            settings.OneOf(BackendHostName, "backend", "backend", "client") == "client");
    }

    /// <summary>The address of the backend in <c>yarp.json</c>; the first, should it have several.</summary>
    public static string? FromFile(SettingsReader settings) =>
        settings.Configuration.GetSection($"ReverseProxy:Clusters:{BackendClusterFilter.Id}:Destinations").GetChildren().FirstOrDefault()?["Address"];
}
