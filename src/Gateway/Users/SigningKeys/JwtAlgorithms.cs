using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.SigningKeys;

/// <summary>
/// Which signature algorithms a key is good for (RFC 7518, section 3.1). A key verifies those of its own family and no other (RFC 8725,
/// section 3.1).
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

    /// <summary>Ways to encrypt a JWT (RFC 7518, section 4).</summary>
    public static readonly IReadOnlyList<string> Encryption =
        ["dir", "A256KW", "RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW"];

    /// <summary>What headers also name, and no key here verifies: signatures (RFC 8037, RFC 8812), none, and ways to encrypt.</summary>
    private static readonly string[] Others = ["EdDSA", "Ed25519", "ES256K", "none", .. Encryption];

    /// <summary>The family of a key; empty where it verifies nothing.</summary>
    public static IReadOnlyList<string> Of(SecurityKey key) => key switch
    {
        SymmetricSecurityKey => Hmac,
        RsaSecurityKey => Rsa,
        ECDsaSecurityKey => EllipticCurve,
        X509SecurityKey { PublicKey: RSA } => Rsa,
        X509SecurityKey { PublicKey: ECDsa } => EllipticCurve,
        _ => [],
    };

    /// <summary>The family that an algorithm is of; empty where no key verifies it.</summary>
    public static IReadOnlyList<string> FamilyOf(string? algorithm) =>
        algorithm is null ? [] : Array.Find([Hmac, Rsa, EllipticCurve], family => family.Contains(algorithm)) ?? [];

    /// <summary>The name for people; a sender's own text is never one.</summary>
    public static string Shown(string? algorithm) =>
        FamilyOf(algorithm).Count > 0 || Others.Contains(algorithm) ? algorithm! : "an unknown one";
}
