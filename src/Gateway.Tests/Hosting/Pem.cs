using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;

namespace FathomGateway.Tests.Hosting;

/// <summary>The files of a certificate and of its private key.</summary>
internal sealed record Pem(string Certificate, string Key, string EncryptedKey)
{
    public const string Password = "secret-password";

    public static Pem Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(SelfSigned.Subject, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var folder = TempFolder.Create("pem");
        return new Pem(
            Write("certificate.pem", certificate.ExportCertificatePem()),
            Write("key.pem", key.ExportPkcs8PrivateKeyPem()),
            Write("encrypted.pem", key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc,
                HashAlgorithmName.SHA256, 1000))));

        string Write(string name, string text)
        {
            var file = Path.Combine(folder, name);
            File.WriteAllText(file, text);
            return file;
        }
    }
}
