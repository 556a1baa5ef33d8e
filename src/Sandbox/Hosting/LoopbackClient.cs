namespace FathomGateway.Sandbox.Hosting;

/// <summary>HTTP clients for servers on this machine.</summary>
internal static class LoopbackClient
{
    /// <summary>A client that uses no proxy, keeps no cookies and follows no redirect.</summary>
    /// <param name="userAgent">The field <c>User-Agent</c> of each request; null for none.</param>
    public static HttpClient Create(string? userAgent = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        if (userAgent is not null) client.DefaultRequestHeaders.Add("User-Agent", userAgent);
        return client;
    }
}
