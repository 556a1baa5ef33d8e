using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Sandbox.Provider;

/// <summary>Proof key for code exchange, method S256 (RFC 7636).</summary>
internal static class Pkce
{
    /// <summary>Length of an S256 challenge: 32 bytes in base64url without padding.</summary>
    public const int ChallengeLength = 43;

    /// <summary>
    /// True when the verifier answers the challenge (§4.6). Without a challenge there must be no verifier (RFC 9700 §2.1.1).
    /// </summary>
    public static bool Proves(string? verifier, string? challenge) => challenge is null
        ? verifier is null
        : verifier is { Length: >= 43 and <= 128 } && Challenge(verifier) == challenge;

    /// <summary>BASE64URL(SHA256(verifier)), §4.2.</summary>
    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
