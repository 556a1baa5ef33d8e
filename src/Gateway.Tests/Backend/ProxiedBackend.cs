using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;

namespace FathomGateway.Tests.Backend;

/// <summary>A backend that a script plays byte by byte, and the gateway in front of it, over HTTP/1.1 and over cleartext HTTP/2.</summary>
internal sealed class ProxiedBackend : IAsyncDisposable
{
    private ProxiedBackend(RawServer backend, GatewayUnderTest gateway, Uri http2)
    {
        Backend = backend;
        Gateway = gateway;
        Http2 = http2;
    }

    public RawServer Backend { get; }

    public GatewayUnderTest Gateway { get; }

    public Uri Http11 => Gateway.Public;

    public Uri Http2 { get; }

    public static async Task<ProxiedBackend> StartAsync(
        Func<RawExchange, Task>? script = null, bool tls = false, params (string Name, string? Value)[] settings)
    {
        var backend = RawServer.Start(script ?? EchoOfTheTarget, certificate: tls ? SelfSigned.Create() : null);
        var port = FreePort.Next();
        var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(
        [
            ("BACKEND_URL", $"{backend.Address}"), ("H2C_PORT", $"{port}"),
            ("ReverseProxy:Clusters:backend:HttpClient:DangerousAcceptAnyServerCertificate", tls ? "true" : null),
            .. settings,
        ]));
        return new ProxiedBackend(backend, gateway, new Uri($"http://127.0.0.1:{port}/"));
    }

    /// <summary>Answers 200 with the target as the body, so that each answer shows whose it is.</summary>
    public static async Task EchoOfTheTarget(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {exchange.Head.Target.Length}\r\n\r\n{exchange.Head.Target}");
    }

    /// <summary>A whole exchange on a connection of its own that must bring this target's answer.</summary>
    public async Task<string?> GetAsync(string target) =>
        (await RawClient.ExchangeAsync(Http11, $"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n")).BodyText;

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
