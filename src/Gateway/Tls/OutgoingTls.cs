using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FathomGateway.Tls;

/// <summary>
/// How the certificates of those whom the gateway calls are judged: by what they send and what this machine trusts, with nothing fetched
/// for it.
/// </summary>
/// <remarks>
/// Left to itself, .NET fetches an intermediate certificate that a server has not sent from wherever the server's own names, and keeps a
/// thread for up to 15 s meanwhile: a handshake would depend on a third party. Node and curl fetch none either; a server has to send its
/// chain (RFC 8446, section 4.4.2).
/// </remarks>
internal static class OutgoingTls
{
    public static X509ChainPolicy AsSent => new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

    /// <summary>For a client of .NET's own.</summary>
    public static SslClientAuthenticationOptions Options => new() { CertificateChainPolicy = AsSent };
}
