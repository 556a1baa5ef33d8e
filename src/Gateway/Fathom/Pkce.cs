using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Fathom;

/// <summary>Proof Key for Code Exchange, RFC 7636.</summary>
internal static class Pkce
{
    private const int VerifierBytes = 32;

    /// <summary>A new <c>code_verifier</c> of 43 characters (section 4.1).</summary>
    public static string CreateVerifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(VerifierBytes));

    /// <summary>The <c>code_challenge</c> of method S256 (section 4.2).</summary>
    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
