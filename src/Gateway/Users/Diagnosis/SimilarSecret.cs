using System.Buffers.Text;
using System.Text;
using FathomGateway.Users.SigningKeys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.Diagnosis;

/// <summary>
/// Finds out whether a JWT was signed with a variant of <c>JWT_SECRET</c>: with its base64 decoded, for example, or without quotation
/// marks.
/// </summary>
internal sealed class SimilarSecret(JwtOptions options)
{
    /// <returns>A sentence about the variant that the backend signs with, or null where no variant matches.</returns>
    public string? Find(JsonWebToken token)
    {
        if (options.Secret is not { } secret || JwtAlgorithms.FamilyOf(token.Alg) != JwtAlgorithms.Hmac) return null;
        var bare = SecretCopyErrors.Clean(secret);
        (string What, byte[]? Bytes)[] near =
        [
            ("without the blanks, line breaks, quotation marks or invisible characters around it: set it so", Encoding.UTF8.GetBytes(bare)),
            ("with a line break at its end, which the backend's then has", Encoding.UTF8.GetBytes(bare + "\n")),
            ("decoded from base64; it is taken to the letter, so have the backend sign with the text", Base64(bare)),
            ("decoded from hexadecimal digits; it is taken to the letter, so have the backend sign with the text", Hexadecimal(bare)),
        ];
        foreach (var (what, bytes) in near)
        {
            if (bytes is { Length: > 0 } && Signed(token, bytes)) return $"It is signed with {JwtSecret.SecretName} {what}.";
        }

        return null;
    }

    private static bool Signed(JsonWebToken token, byte[] bytes)
    {
        if (Base64(token.EncodedSignature) is not { } signature) return false;
        using var provider = CryptoProviderFactory.Default.CreateForVerifying(JwtSecret.Key(bytes), token.Alg);
        return provider.Verify(Encoding.ASCII.GetBytes($"{token.EncodedHeader}.{token.EncodedPayload}"), signature);
    }

    /// <summary>Accepts both alphabets, with padding or without.</summary>
    private static byte[]? Base64(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text.TrimEnd('=').Replace('+', '-').Replace('/', '_'));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static byte[]? Hexadecimal(string text) =>
        text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
}
