using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FathomGateway.Tests.Transparency.Http2;

/// <summary>A backend that speaks cleartext HTTP/2, and the settings by which the gateway speaks it too.</summary>
internal sealed class CleartextHttp2Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CleartextHttp2Backend(WebApplication app) => _app = app;

    /// <summary>What an operator writes into yarp.json or the environment.</summary>
    public (string Name, string? Value)[] Settings =>
    [
        ("BACKEND_URL", _app.Urls.Single()),
        ("ReverseProxy:Clusters:backend:HttpRequest:Version", "2"),
        ("ReverseProxy:Clusters:backend:HttpRequest:VersionPolicy", "RequestVersionExact"),
    ];

    public static async Task<CleartextHttp2Backend> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Limits.MaxRequestBodySize = null;
            server.Limits.MinRequestBodyDataRate = null;
            server.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new CleartextHttp2Backend(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
