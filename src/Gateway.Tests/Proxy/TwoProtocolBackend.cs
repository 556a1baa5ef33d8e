using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FathomGateway.Tests.Proxy;

/// <summary>A backend with one address for HTTP/1.1 and one for HTTP/2 without TLS. It answers the version of each request.</summary>
internal sealed class TwoProtocolBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TwoProtocolBackend(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        (Http1, Http2) = (addresses.First(), addresses.Last());
    }

    public string Http1 { get; }

    public string Http2 { get; }

    public static async Task<TwoProtocolBackend> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Listen(System.Net.IPAddress.Loopback, 0);
            server.Listen(System.Net.IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Request.Protocol));
        await app.StartAsync();
        return new TwoProtocolBackend(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
