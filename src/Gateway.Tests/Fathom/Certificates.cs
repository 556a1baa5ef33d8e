using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Fathom;

namespace FathomGateway.Tests.Fathom;

/// <summary>
/// An authority of the test's own, and what it signs: one fault each, so that nothing else can be the reason of a refusal.
/// </summary>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly List<X509Certificate2> _made = [];

    public Certificates() => Authority = Keep(CreateAuthority());

    /// <param name="authority">What signs them; it stays the caller's.</param>
    public Certificates(X509Certificate2 authority) => Authority = authority;

    public static X509Certificate2 CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    public X509Certificate2 Authority { get; }

    /// <param name="fault">"none", "self-signed", "expired" or "wrong host".</param>
    /// <param name="issuerAt">Where its issuer's certificate can be fetched (RFC 5280, section 4.2.2.1); null where it does not
    /// say.</param>
    public X509Certificate2 Make(string fault, Uri? issuerAt = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=provider", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(fault == "wrong host" ? "elsewhere.example.test" : "localhost");
        request.CertificateExtensions.Add(names.Build());
        if (issuerAt is not null)
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerAt.AbsoluteUri]));
        var end = fault == "expired" ? Now.AddDays(-1) : Now.AddDays(1);
        if (fault == "self-signed") return Keep(request.CreateSelfSigned(Now.AddDays(-2), end));
        using var signed = request.Create(Authority, Now.AddDays(-2), end, RandomNumberGenerator.GetBytes(8));
        return Keep(signed.CopyWithPrivateKey(key));
    }

    /// <summary>A client with the product's own handler; only the trusted authority and the timeout differ.</summary>
    public HttpClient Client(TimeSpan patience)
    {
        var handler = FathomFeature.CreateHandler();
        handler.ConnectTimeout = patience;
        handler.SslOptions.CertificateChainPolicy =
            new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(Authority);
        return new HttpClient(handler) { Timeout = patience };
    }

    public void Dispose() => _made.ForEach(one => one.Dispose());

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _made.Add(certificate);
        return certificate;
    }
}
