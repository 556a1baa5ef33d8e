using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A raw-TCP HTTP/1.1 responder on loopback for what well-behaved servers cannot send. The script (see <see cref="RawResponse"/>) is
/// called for each request once its head has been read; connections are kept alive until the script ends them or the client does.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    // Only a script that waits for something else than the test's end could take longer.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private readonly X509Certificate2? _certificate;
    private int _connections;
    private int _requests;

    private RawServer(Func<RawExchange, Task> script, IPEndPoint at, X509Certificate2? certificate)
    {
        Script = script;
        _certificate = certificate;
        _listener = new TcpListener(at);
        _listener.Start();
        Address = new Uri($"{(certificate is null ? "http" : "https")}://{_listener.LocalEndpoint}/");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>What happens to the next request; may be changed between two requests.</summary>
    public Func<RawExchange, Task> Script { get; set; }

    public int Connections => _connections;

    public int Requests => _requests;

    /// <param name="at">Null for a free port of 127.0.0.1.</param>
    /// <param name="certificate">Null for cleartext.</param>
    public static RawServer Start(Func<RawExchange, Task> script, IPEndPoint? at = null, X509Certificate2? certificate = null) =>
        new(script, at ?? new IPEndPoint(IPAddress.Loopback, 0), certificate);

    public async ValueTask DisposeAsync()
    {
        // A test that plays "the server is away" ends it before its own end does.
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync();
        await _accepting.WaitAsync(EndLimit);
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                conversations.Add(ConverseAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // What a script has thrown, such as a failed assertion, fails the test here.
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        try
        {
            await using var stream = await StreamAsync(client);
            var reader = new WireReader(stream);
            while (await reader.ReadHeadAsync(_end.Token) is { } head)
            {
                Interlocked.Increment(ref _requests);
                var exchange = new RawExchange(client, stream, reader, head, _end.Token);
                await Script(exchange);
                if (exchange.IsOver)
                {
                    return;
                }

                await exchange.ReadRequestAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task<Stream> StreamAsync(TcpClient client)
    {
        if (_certificate is null) return client.GetStream();
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _certificate, ApplicationProtocols = [SslApplicationProtocol.Http11] },
            _end.Token);
        return tls;
    }
}
