using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Settings;

namespace FathomGateway.Hosting.Listening;

/// <summary>
/// Loads a certificate of Kestrel's section as Kestrel will, and reports which setting is wrong where that fails. No password is ever
/// shown.
/// </summary>
internal static class CertificateSection
{
    private const string CertificatePath = "Path", KeyPath = "KeyPath", Password = "Password";

    /// <remarks>Kestrel loads certificates from the machine's store itself.</remarks>
    public static void Check(SettingsReader settings, IConfigurationSection section)
    {
        if (section[CertificatePath] is not { Length: > 0 } path) return;
        if (FullPath(settings, section.GetSection(CertificatePath), path) is not { } file) return;
        var keyFile = section[KeyPath] is { Length: > 0 } keyPath ? FullPath(settings, section.GetSection(KeyPath), keyPath) : null;
        if (section[KeyPath] is { Length: > 0 } && keyFile is null) return;
        if (keyFile is null) CheckPkcs12(settings, section, file);
        else CheckPem(settings, section, file, keyFile);
    }

    private static void CheckPkcs12(SettingsReader settings, IConfigurationSection section, string file)
    {
        void Fault(string key, string remedy) => settings.Fault(KestrelSection.Name(section, key), remedy);
        switch (ContentType(file))
        {
            case X509ContentType.Cert:
                Fault(KeyPath, "is missing: the file of the certificate holds no private key, so name that of the key, in PEM.");
                return;
            case not X509ContentType.Pkcs12:
                Fault(CertificatePath, "points at a file that holds no certificate: use PKCS #12, or PEM with its key in KeyPath.");
                return;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, section[Password]);
            if (certificate.HasPrivateKey) return;
            Fault(CertificatePath, "points at a file without a private key: export the certificate together with its key.");
        }
        catch (CryptographicException)
        {
            Fault(Password, section[Password] is { Length: > 0 }
                ? "does not open the file of the certificate."
                : "is missing: the file of the certificate is encrypted, or broken.");
        }
    }

    private static X509ContentType ContentType(string file)
    {
        try
        {
            return X509Certificate2.GetCertContentType(file);
        }
        catch (CryptographicException)
        {
            return X509ContentType.Unknown;
        }
    }

    private static void CheckPem(SettingsReader settings, IConfigurationSection section, string file, string keyFile)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (CryptographicException)
        {
            settings.Fault(
                KestrelSection.Name(section, CertificatePath), "points at a file without a certificate: use PEM, or leave KeyPath out.");
            return;
        }

        using var _ = certificate;
        var (password, key) = (section[Password], File.ReadAllText(keyFile));
        try
        {
            var pem = certificate.ExportCertificatePem();
            using var whole = password is null
                ? X509Certificate2.CreateFromPem(pem, key)
                : X509Certificate2.CreateFromEncryptedPem(pem, key, password);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            settings.Fault(KestrelSection.Name(section, KeyPath), key.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? "points at a private key that cannot be used: it must be the certificate's, and Password set only if it is encrypted."
                : "points at a file that holds no private key in PEM.");
        }
    }

    /// <summary>
    /// Resolves a path relative to the program's folder, as Kestrel does. Returns null, with a fault, where the file cannot be read.
    /// </summary>
    private static string? FullPath(SettingsReader settings, IConfigurationSection section, string path)
    {
        var full = Path.Combine(AppContext.BaseDirectory, path);
        try
        {
            using var file = File.OpenRead(full);
            return full;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            settings.Fault(KestrelSection.Name(section), "points at a file that cannot be read: check the path and who may read it.");
            return null;
        }
    }
}
