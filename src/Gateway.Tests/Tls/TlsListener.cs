using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FathomGateway.Tests.Tls;

/// <summary>
/// A TLS server for calls of the gateway: presents a certificate, and counts the bytes that it receives within TLS
/// all the same.
/// </summary>
internal sealed class TlsListener : IAsyncDisposable
{
    /// <summary>Ends an exchange of HTTP; connections of other protocols are closed.</summary>
    private static readonly byte[] Answer =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly bool _asPostgres;
    private readonly Task _serving;
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _received;

    /// <param name="asPostgres">Whether it is asked for TLS in the words of PostgreSQL first.</param>
    public TlsListener(X509Certificate2 certificate, bool asPostgres)
    {
        (_certificate, _asPostgres) = (certificate, asPostgres);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Authority => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Done when a connection has come as far as TLS and is over.</summary>
    public Task Called => _called.Task;

    /// <summary>Bytes that came within TLS.</summary>
    public int Received => Volatile.Read(ref _received);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await ConverseAsync(client.GetStream());
            }
            catch (Exception failure) when (failure is IOException or AuthenticationException or SocketException)
            {
                // Refused, as it should be; or not a conversation over TLS.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        if (_asPostgres)
        {
            await stream.ReadExactlyAsync(new byte[8], _end.Token);
            await stream.WriteAsync("S"u8.ToArray(), _end.Token);
        }

        try
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ApplicationProtocols = _asPostgres ? null : [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                },
                _end.Token);
            Interlocked.Add(ref _received, await tls.ReadAsync(new byte[64 * 1024], _end.Token));
            await tls.WriteAsync(Answer, _end.Token);
        }
        finally
        {
            _called.TrySetResult();
        }
    }
}
