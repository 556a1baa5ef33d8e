using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using FathomGateway.Tcp;
using FathomGateway.Tls;

namespace FathomGateway.Backend;

/// <summary>The address of a server: scheme, host, port and the base path of every target.</summary>
internal sealed class BackendAddress
{
    private readonly SslProtocols _protocols;
    private readonly bool _acceptsAnyCertificate;

    /// <param name="address">An absolute address of scheme http or https, such as <c>https://api.example.com/base</c>.</param>
    /// <param name="protocols">Versions of TLS; <see cref="SslProtocols.None"/> leaves the choice to the system.</param>
    /// <param name="acceptsAnyCertificate">Whether the server's certificate is accepted without verification, an option of
    /// <c>yarp.json</c>.</param>
    public BackendAddress(Uri address, SslProtocols protocols = SslProtocols.None, bool acceptsAnyCertificate = false)
    {
        (_protocols, _acceptsAnyCertificate) = (protocols, acceptsAnyCertificate);
        IsTls = address.Scheme == Uri.UriSchemeHttps;
        Host = address.IdnHost;
        Port = address.Port;
        var host = address.HostNameType == UriHostNameType.IPv6 ? $"[{Host.Trim('[', ']')}]" : Host;
        Authority = address.IsDefaultPort ? host : $"{host}:{Port}";
        BasePath = address.AbsolutePath.TrimEnd('/');
    }

    public bool IsTls { get; }

    /// <summary>Name or IP address, without the brackets of IPv6.</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>Value of <c>Host</c>. It includes the port where that is not the scheme's default (RFC 9110, section 7.2).</summary>
    public string Authority { get; }

    /// <summary>Path in front of each target: empty, or with a slash at its start and none at its end.</summary>
    public string BasePath { get; }

    /// <summary>Opens a connection, with TLS for https.</summary>
    /// <exception cref="BackendException">The name, the address or TLS has failed, or the time of <see cref="TcpConnector.ConnectTimeout"/>
    /// is over.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by <paramref name="cancel"/>.</exception>
    public async Task<(Socket Socket, Stream Stream)> ConnectAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TcpConnector.ConnectTimeout);
        Stream? stream = null;
        try
        {
            var socket = await TcpConnector.ConnectAsync(Host, Port, limit.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (!IsTls) return (socket, stream);
            var tls = new SslStream(new TlsRecordStream(stream));
            stream = tls;
            await tls.AuthenticateAsClientAsync(TlsOptions(), limit.Token);
            return (socket, stream);
        }
        catch (Exception failure)
        {
            if (stream is not null) await stream.DisposeAsync();
            cancel.ThrowIfCancellationRequested();
            throw BackendException.OfConnect(failure);
        }
    }

    /// <summary>The options of the handshake. Only <c>http/1.1</c> is offered (RFC 7301).</summary>
    private SslClientAuthenticationOptions TlsOptions()
    {
        var options = OutgoingTls.Options;
        options.TargetHost = Host;
        options.EnabledSslProtocols = _protocols;
        options.ApplicationProtocols = [SslApplicationProtocol.Http11];
#pragma warning disable CA5359 // An operator has asked for it by name: DangerousAcceptAnyServerCertificate.
        if (_acceptsAnyCertificate) options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return options;
    }
}
