using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Fathom;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class ProviderTlsTests : IDisposable
{
    /// <summary>With a handshake on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Certificates _certificates = new();
    private int _received;

    [Theory]
    [InlineData("none")]
    [InlineData("self-signed")]
    [InlineData("expired")]
    [InlineData("wrong host")]
    public async Task A_provider_with_a_faulty_certificate_is_told_nothing_T28(string fault)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, _certificates.Make(fault));
        using var http = _certificates.Client(Patience);
        using var clients = new ProviderClients(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        var client = new TokenEndpointClient(clients.Form(http), clients.Options, NoMetrics.Instance);

        var result = await client.RefreshAsync("refresh", TestContext.Current.CancellationToken);
        await serving;

        if (fault == "none")
        {
            Assert.IsType<TokenResult.Granted>(result);
            Assert.NotEqual(0, _received);
            return;
        }

        Assert.Equal(new TokenResult.NotSent(nameof(HttpRequestError.SecureConnectionError)), result);
        Assert.Equal(0, _received);
    }

    public void Dispose() => _certificates.Dispose();

    /// <summary>One connection: counts what comes after the handshake, and answers it.</summary>
    private async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            _received = await tls.ReadAsync(new byte[64 * 1024]);
            if (_received > 0) await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{\"access_token\":\"new\",\"token_type\":\"Bearer\"}"u8.ToArray());
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            // The client hangs up in the handshake.
        }
    }
}
