using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.SigningKeys;

/// <summary>
/// The signature algorithms that a key may verify (RFC 7518, section 3.1): those of its own family only (RFC 8725, section 3.1).
/// </summary>
internal static class JwtAlgorithms
{
    public static readonly IReadOnlyList<string> Hmac =
        [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512];

    public static readonly IReadOnlyList<string> Rsa =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    public static readonly IReadOnlyList<string> EllipticCurve =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512];

    private static readonly IReadOnlyList<string>[] Families = [Hmac, Rsa, EllipticCurve];

    /// <summary>Algorithms of encrypted JWTs (RFC 7518, section 4).</summary>
    public static readonly IReadOnlyList<string> Encryption =
        ["dir", "A256KW", "RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW"];

    /// <summary>
    /// Further algorithms that headers name and no key here verifies: signatures (RFC 8037, RFC 8812), none, and encryption.
    /// </summary>
    private static readonly string[] Others = ["EdDSA", "Ed25519", "ES256K", "none", .. Encryption];

    /// <summary>The family of a key; empty where the key verifies nothing.</summary>
    public static IReadOnlyList<string> Of(SecurityKey key) => key switch
    {
        SymmetricSecurityKey => Hmac,
        RsaSecurityKey => Rsa,
        ECDsaSecurityKey => EllipticCurve,
        X509SecurityKey { PublicKey: RSA } => Rsa,
        X509SecurityKey { PublicKey: ECDsa } => EllipticCurve,
        _ => [],
    };

    /// <summary>The family of an algorithm; empty where no key verifies it.</summary>
    public static IReadOnlyList<string> FamilyOf(string? algorithm) =>
        algorithm is null ? [] : Array.Find(Families, family => family.Contains(algorithm)) ?? [];

    /// <summary>The algorithm's name for logs. Never the sender's own text.</summary>
    public static string Shown(string? algorithm) =>
        FamilyOf(algorithm).Count > 0 || Others.Contains(algorithm) ? algorithm! : "an unknown one";
}
