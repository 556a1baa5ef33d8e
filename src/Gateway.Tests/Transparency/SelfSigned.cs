using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Transparency;

/// <summary>A certificate that only its test trusts.</summary>
internal static class SelfSigned
{
    public const string Subject = "CN=localhost";
    public const string Password = "password";

    /// <summary>A new one with its key.</summary>
    public static X509Certificate2 Create() => X509CertificateLoader.LoadPkcs12FromFile(CreateFile(), Password);

    /// <summary>Writes a new one with its key.</summary>
    /// <returns>The path of the PKCS #12 file.</returns>
    public static string CreateFile()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(TempFolder.Create("certificate"), "localhost.pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, Password));
        return file;
    }
}
