using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>Which signature algorithms a key is good for (RFC 7518, section 3.1).</summary>
internal static class JwtAlgorithms
{
    /// <summary>Shortest HS256 secret in bytes (RFC 7518, section 3.2).</summary>
    public const int ShortestSecret = 32;

    private static readonly string[] Rsa =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    private static readonly string[] EllipticCurve =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512];

    /// <summary>The family of the key; both asymmetric ones where the keys are fetched (null), since each fetched key then says its own type.</summary>
    public static IReadOnlyList<string> For(SecurityKey? key) => key switch
    {
        SymmetricSecurityKey => [SecurityAlgorithms.HmacSha256],
        RsaSecurityKey => Rsa,
        ECDsaSecurityKey => EllipticCurve,
        _ => [.. Rsa, .. EllipticCurve],
    };
}
