using System.Net;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class CertificateRollTests : IDisposable
{
    /// <summary>With a handshake on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly Certificates _certificates = new();
    private readonly int _port = FreePort.Next();
    private int _codes;

    [Fact]
    public async Task A_provider_that_comes_back_with_another_certificate_is_trusted_by_its_authority_alone_F24()
    {
        using var http = _certificates.Client(MaxWait);
        using var clients = new ProviderClients(new Uri($"https://localhost:{_port}/"));
        var client = new TokenEndpointClient(clients.Form(http), clients.Options, NoMetrics.Instance);

        // One client all the time, as in a gateway that is not restarted.
        Assert.Equal((true, 1), await ExchangeAsync("none"));
        Assert.Equal((true, 2), await ExchangeAsync("none"));
        Assert.Equal((false, 2), await ExchangeAsync("self-signed"));
        Assert.Equal((false, 2), await ExchangeAsync("expired"));
        Assert.Equal((true, 3), await ExchangeAsync("none"));

        async Task<(bool Granted, int Codes)> ExchangeAsync(string fault)
        {
            await using var provider = await StartAsync(_certificates.Make(fault));
            var result = await client.ExchangeAsync("code", null, TestContext.Current.CancellationToken);
            Assert.True(
                result is TokenResult.Granted or TokenResult.NotSent { Reason: nameof(HttpRequestError.SecureConnectionError) },
                $"{result}");
            return (result is TokenResult.Granted, _codes);
        }
    }

    public void Dispose() => _certificates.Dispose();

    /// <summary>Answers one request a connection, so that none is left that the provider's end could take by surprise.</summary>
    private async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen => listen.UseHttps(certificate)));
        var provider = builder.Build();
        provider.Run(async context =>
        {
            Interlocked.Increment(ref _codes);
            context.Response.Headers.Connection = "close";
            await context.Response.WriteAsync("""{"access_token":"new","token_type":"Bearer"}""");
        });
        await provider.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }
}
