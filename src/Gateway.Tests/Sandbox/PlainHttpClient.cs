namespace FathomGateway.Tests.Sandbox;

/// <summary>HTTP as it is on the wire: no redirects followed, no proxy of the machine in between.</summary>
internal static class PlainHttpClient
{
    public static HttpClient Create(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(10),
        };
}
