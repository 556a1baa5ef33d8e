namespace FathomGateway.Tests.Kit;

/// <summary>HTTP clients that show a response as it came: no redirect followed, no cookie kept, nothing decompressed.</summary>
internal static class GatewayClient
{
    public static HttpClient For(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(30),
        };
}
