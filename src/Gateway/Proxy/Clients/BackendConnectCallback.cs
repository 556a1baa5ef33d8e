using System.Net.Security;
using FathomGateway.Tls;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// Opens connections for .NET's client: tries all addresses of the name, and verifies the certificate for the backend's own name, not for
/// the <c>Host</c> field.
/// </summary>
internal static class BackendConnectCallback
{
    public static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, SslClientAuthenticationOptions options, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var stream = await OutgoingHttp.ConnectAsync(context, cancel);
        if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps) return stream;
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = options.EnabledSslProtocols,
                    RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
                    CertificateChainPolicy = OutgoingTls.AsSent,
                    ApplicationProtocols = Protocols(context.InitialRequestMessage),
                },
                cancel);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static List<SslApplicationProtocol> Protocols(HttpRequestMessage request) =>
        request.VersionPolicy == HttpVersionPolicy.RequestVersionOrLower
            ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http2];
}
