using System.Net.Http.Headers;

namespace FathomGateway.Proxy.Headers;

/// <summary>
/// YARP takes a longer list of fields for hop-by-hop than RFC 9110, section 7.6.1, and leaves them out. These go on as they came: the gateway
/// stands in the backend's place, so that credentials for "the proxy" and the like are the backend's to judge.
/// </summary>
internal static class RestoredHeaders
{
    private static readonly string[] OfBoth = ["Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Features", "Proxy-Instruction", "Security-Scheme", "ALPN", "Close"];

    // Every navigation of a browser carries the first.
    private static readonly string[] OfRequests = [.. OfBoth, "Upgrade-Insecure-Requests", "Alt-Svc"];

    // Not Alt-Svc: it would lead the browser past the gateway's own edge.
    private static readonly string[] OfResponses = [.. OfBoth, "HTTP2-Settings", "TE"];

    public static void Restore(IHeaderDictionary received, HttpRequestHeaders forwarded)
    {
        foreach (var name in OfRequests)
        {
            if (received.TryGetValue(name, out var values)) forwarded.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    public static void Restore(HttpResponseHeaders received, IHeaderDictionary passedOn)
    {
        foreach (var name in OfResponses)
        {
            if (received.NonValidated.TryGetValues(name, out var values)) passedOn[name] = values.ToArray();
        }
    }
}
