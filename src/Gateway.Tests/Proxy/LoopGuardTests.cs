using FathomGateway.Proxy;
using FathomGateway.Proxy.Loops;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Proxy;

public sealed class LoopGuardTests
{
    /// <summary>Requests in progress at which the first probe is sent.</summary>
    private const int Many = 128;

    [Fact]
    public async Task A_loop_probe_reaches_a_backend_whose_certificate_is_accepted_unverified()
    {
        using var certificate = SelfSigned.Create();
        await using var backend = RawServer.Start(
            RawResponse.Verbatim("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), certificate: certificate);
        var settings = TestSettings.Reader(
            ("BACKEND_URL", $"{backend.Address}"),
            ("ReverseProxy:Clusters:backend:HttpClient:DangerousAcceptAnyServerCertificate", "true"));
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(settings)
            .AddSingleton(ProxyOptions.Read(settings))
            .BuildServiceProvider();
        var probe = LoopGuard.CreateProbe(services);

        for (var i = 0; i < Many; i++) probe.Begin();

        await Eventually.BecomesTrueAsync(() => backend.Requests > 0, TimeSpan.FromSeconds(20), "the probe has arrived");
    }
}
