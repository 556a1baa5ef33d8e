using System.Net;
using FathomGateway.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace FathomGateway.Tests.Limits;

public sealed class RequestHeadSizeTests
{
    /// <summary>Where the runtime has the count no longer, the gateway works the same, and each request costs a little more.</summary>
    [Theory]
    [InlineData("1.1", 5)]
    [InlineData("1.1", 30_000)]
    [InlineData("2.0", 5)]
    [InlineData("2.0", 30_000)]
    public async Task Kestrels_own_count_of_the_bytes_of_a_head_is_found(string version, int length)
    {
        const int MaxForPseudoFieldsAndBlanks = 200;
        (long? Counted, long AddedUp) seen = default;
        using var host = new HostBuilder().ConfigureWebHost(web => web
            .UseKestrelCore()
            .ConfigureKestrel(server =>
            {
                server.Limits.MaxRequestHeadersTotalSize = RequestAdmission.MaxServerFieldBytes;
                var protocols = version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1;
                server.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = protocols);
            })
            .Configure(app => app.Run(context =>
            {
                seen = (RequestHeadSize.Counted(context.Features), RequestHeadSize.AddedUp(context.Request.Headers));
                return Task.CompletedTask;
            }))).Build();
        await host.StartAsync();
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient();
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
        client.DefaultRequestHeaders.Add("X-Field", new string('x', length));

        // Twice: the count begins anew with each request of a connection.
        for (var i = 0; i < 2; i++)
        {
            (await client.GetAsync(address)).Dispose();
            Assert.NotNull(seen.Counted);
            Assert.InRange(Math.Abs(seen.Counted.Value - seen.AddedUp), 0, MaxForPseudoFieldsAndBlanks);
        }

        await host.StopAsync();
    }
}
