using System.Net.Http.Headers;

namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Restores fields that YARP drops as hop-by-hop although RFC 9110, section 7.6.1, does not list them. The gateway stands in the backend's
/// place, so the backend judges credentials for "the proxy" and the like.
/// </summary>
internal static class RestoredHeaders
{
    private static readonly string[] CommonFields =
    [
        "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Features", "Proxy-Instruction",
        "Security-Scheme", "ALPN", "Close",
    ];

    // Browsers send Upgrade-Insecure-Requests with every navigation.
    private static readonly string[] RequestFields = [.. CommonFields, "Upgrade-Insecure-Requests", "Alt-Svc"];

    // Without Alt-Svc, which would lead browsers past the gateway.
    private static readonly string[] ResponseFields = [.. CommonFields, "HTTP2-Settings", "TE"];

    public static void Restore(IHeaderDictionary received, HttpRequestHeaders forwarded)
    {
        foreach (var name in RequestFields)
        {
            if (received.TryGetValue(name, out var values)) forwarded.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    public static void Restore(HttpResponseHeaders received, IHeaderDictionary passedOn)
    {
        foreach (var name in ResponseFields)
        {
            if (received.NonValidated.TryGetValues(name, out var values)) passedOn[name] = values.ToArray();
        }
    }
}
