using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using FathomGateway.Tests.Fathom;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Tls;

/// <summary>
/// A TLS server that sends its own certificate alone, which says where the one that signed it can be fetched; and what listens there.
/// </summary>
internal sealed class IncompleteServer : IAsyncDisposable
{
    private readonly Certificates _certificates = new();
    private readonly RawServer _authority = RawServer.Start(RawResponse.Silence);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly bool _asPostgres;
    private readonly Task _serving;
    private int _handshakes;

    /// <param name="asPostgres">Whether it is asked for TLS in the words of PostgreSQL first.</param>
    public IncompleteServer(bool asPostgres)
    {
        _asPostgres = asPostgres;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Authority => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Handshakes => _handshakes;

    /// <summary>How often the certificate that was not sent was requested.</summary>
    public int Downloads => _authority.Connections;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Stop();
        _end.Dispose();
        await _authority.DisposeAsync();
        _certificates.Dispose();
    }

    private async Task ServeAsync()
    {
        var certificate = SslStreamCertificateContext.Create(
            _certificates.Make("none", new Uri(_authority.Address, "authority.crt")), additionalCertificates: null, offline: true);
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using var stream = client.GetStream();
                if (_asPostgres)
                {
                    await stream.ReadExactlyAsync(new byte[8], _end.Token);
                    await stream.WriteAsync("S"u8.ToArray());
                }

                await using var tls = new SslStream(stream);
                Interlocked.Increment(ref _handshakes);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificateContext = certificate }, _end.Token);
                // A client that accepts the certificate gets nothing more.
            }
            catch (Exception failure) when (failure is IOException or AuthenticationException or SocketException)
            {
                // The client has refused it, as it should.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
