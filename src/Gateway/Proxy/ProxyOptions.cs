using FathomGateway.Settings;

namespace FathomGateway.Proxy;

/// <summary>Settings of the proxy. <c>yarp.json</c> holds everything else.</summary>
/// <param name="BackendUrl">Address of the backend. Replaces the destinations of cluster <c>backend</c>; null keeps those of
/// <c>yarp.json</c>.</param>
/// <param name="AppendForwardedFor">Whether the peer's address is appended to <c>X-Forwarded-For</c>. Otherwise the field is forwarded as
/// received.</param>
/// <param name="StripEdgeHeaders">Whether the fields of the gateway's own Cloudflare edge are dropped. A second edge in front of the
/// backend refuses them.</param>
/// <param name="HostFromClient">Whether the backend gets the client's <c>Host</c> instead of its own name.</param>
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

    /// <summary>The backend's address in <c>yarp.json</c>; the first one where there are several.</summary>
    public static string? FromFile(SettingsReader settings) =>
        settings.Configuration.GetSection($"ReverseProxy:Clusters:{BackendClusterFilter.Id}:Destinations")
            .GetChildren()
            .FirstOrDefault()?["Address"];

    /// <summary>Whether <c>yarp.json</c> says to accept every certificate of the backend.</summary>
    public static bool AcceptsAnyCertificate(SettingsReader settings)
    {
        const string Name = $"ReverseProxy:Clusters:{BackendClusterFilter.Id}:HttpClient:DangerousAcceptAnyServerCertificate";
        return bool.TryParse(settings.Configuration[Name], out var any) && any;
    }
}
