using System.Security.Cryptography;
using FathomGateway.Settings;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.SigningKeys;

/// <summary>Reads <c>JWT_PUBLIC_KEY</c>, the PEM of an RSA or elliptic-curve public key.</summary>
internal static class JwtPublicKey
{
    /// <summary>Shortest RSA modulus in bits (RFC 7518, section 3.3).</summary>
    private const int MinRsaBits = 2048;

    /// <summary>
    /// The beginning of an Ed25519 key's PEM after its first line (RFC 8410, section 4): length and object identifier in base64.
    /// </summary>
    private const string Ed25519 = "MCowBQYDK2Vw";

    public static SecurityKey? Read(SettingsReader settings, string text)
    {
        // Hosts that keep variables on one line write the line breaks of a PEM as \n.
        var pem = text.Replace("\\r", "", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            settings.Fault(JwtOptions.PublicKeyName, "holds a private key: keep that at the backend and give its public half here.");
            return null;
        }

        if (Rsa(pem) is { } rsa)
        {
            if (rsa.KeySize < MinRsaBits)
            {
                settings.Fault(JwtOptions.PublicKeyName, $"is an RSA key under {MinRsaBits} bits: make a longer one.");
            }

            return new RsaSecurityKey(rsa);
        }

        if (Import(ECDsa.Create(), key => key.ImportFromPem(pem)) is { } curve) return new ECDsaSecurityKey(curve);
        settings.Fault(JwtOptions.PublicKeyName, Remedy(pem));
        return null;
    }

    private static string Remedy(string pem) => pem switch
    {
        _ when pem.Contains(Ed25519, StringComparison.Ordinal) => $"is an Ed25519 key: {JwksDiagnosis.Ed25519Remedy}.",
        _ when pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal) =>
            "is a certificate: give the key in it, which `openssl x509 -pubkey -noout -in <file>` prints.",
        _ when pem.StartsWith('{') =>
            $"is JSON: for a key set, set {JwtOptions.JwksUrlName} to its address; else give the key as a PEM, " +
            "which begins with -----BEGIN PUBLIC KEY-----.",
        _ when pem.StartsWith("http", StringComparison.OrdinalIgnoreCase) => $"is an address: set {JwtOptions.JwksUrlName} to it.",
        _ when pem.StartsWith("MII", StringComparison.Ordinal) || pem.StartsWith("MFk", StringComparison.Ordinal) =>
            "lacks its first and last line: write -----BEGIN PUBLIC KEY----- before it and -----END PUBLIC KEY----- after it, " +
            "each on a line of its own.",
        _ => "is not a PEM of an RSA or elliptic-curve public key: it begins with -----BEGIN PUBLIC KEY-----.",
    };

    private static RSA? Rsa(string pem) => Import(RSA.Create(), key => key.ImportFromPem(pem));

    private static TKey? Import<TKey>(TKey key, Action<TKey> import)
        where TKey : AsymmetricAlgorithm
    {
        try
        {
            import(key);
            return key;
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}
