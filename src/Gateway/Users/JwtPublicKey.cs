using System.Security.Cryptography;
using FathomGateway.Settings;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>Reads <c>JWT_PUBLIC_KEY</c>: a PEM of an RSA or elliptic-curve public key.</summary>
internal static class JwtPublicKey
{
    /// <summary>Shortest RSA modulus in bits (RFC 7518, section 3.3).</summary>
    private const int ShortestRsa = 2048;

    public static SecurityKey? Read(SettingsReader settings, string text)
    {
        // Hosts that keep variables on one line have the line breaks of a PEM written as \n.
        var pem = text.Replace("\\r", "", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            settings.Fault(JwtOptions.PublicKeyName, "holds a private key: keep that at the backend and give its public half here.");
            return null;
        }

        if (Rsa(pem) is { } rsa)
        {
            if (rsa.KeySize < ShortestRsa) settings.Fault(JwtOptions.PublicKeyName, $"is an RSA key under {ShortestRsa} bits: make a longer one.");
            return new RsaSecurityKey(rsa);
        }

        if (Import(ECDsa.Create(), key => key.ImportFromPem(pem)) is { } curve) return new ECDsaSecurityKey(curve);
        settings.Fault(JwtOptions.PublicKeyName, "is not a PEM of an RSA or elliptic-curve public key: it begins with -----BEGIN PUBLIC KEY-----.");
        return null;
    }

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
