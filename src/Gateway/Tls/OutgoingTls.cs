using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FathomGateway.Tls;

/// <summary>
/// TLS settings of outgoing connections. A certificate is verified with the chain that the server sends and the roots of this machine.
/// Nothing is downloaded.
/// </summary>
/// <remarks>
/// By default .NET downloads a missing intermediate certificate from the address in the server's certificate and blocks a thread for up to
/// 15 s. A handshake would then depend on a third party. Node and curl do not download either: a server has to send its chain (RFC 8446,
/// section 4.4.2).
/// </remarks>
internal static class OutgoingTls
{
    public static X509ChainPolicy AsSent => new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

    /// <summary>Options for a client of .NET.</summary>
    public static SslClientAuthenticationOptions Options => new() { CertificateChainPolicy = AsSent };
}
