using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.SigningKeys;

/// <summary>Explains what a document is that should be a set of RSA or elliptic-curve keys and is not, with the remedy.</summary>
internal static class JwksDiagnosis
{
    public const string Ed25519Remedy =
        "EdDSA is not verified here, so have the issuer sign with ES256 or RS256 " +
        "(better-auth: jwt({ jwks: { keyPairConfig: { alg: \"ES256\" } } }))";

    /// <summary>For a set that holds no usable key.</summary>
    public static string Of(IEnumerable<JsonWebKey> keys) => keys.ToArray() switch
    {
        [] => "is empty: the issuer signs with none of its keys yet (Supabase: migrate to JWT signing keys, or set JWT_SECRET)",
        var all when all.All(key => key.Kty == "OKP") => $"holds Ed25519 keys (kty OKP) alone: {Ed25519Remedy}",
        var all when all.All(key => key.Kty == JsonWebAlgorithmsKeyTypes.Octet) =>
            $"holds shared secrets (kty oct), which must not be public: set {JwtSecret.SecretName} instead",
        var all when all.All(key => key.Use == "enc") =>
            "holds keys to encrypt with (use enc) alone: name the set that the issuer signs with",
        var all when all.All(key => key.X5c.Count > 0 && string.IsNullOrEmpty(key.N + key.X)) =>
            "holds X.509 certificates (x5c) alone, of a kind that is not verified with: " +
            "have the issuer publish its keys (n and e, or x and y)",
        _ => "holds no RSA or elliptic-curve key to verify with",
    };

    /// <summary>For a text that is no JSON Web Key Set; null where it looks like one.</summary>
    public static string? OfText(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement switch
            {
                { ValueKind: not JsonValueKind.Object } => "is no JSON Web Key Set",
                var root when root.TryGetProperty("keys", out _) => null,
                var root when root.TryGetProperty("jwks_uri", out _) =>
                    $"is a discovery document: set {JwtOptions.AuthorityName} to its issuer, or {JwtOptions.JwksUrlName} to its jwks_uri",
                var root when root.EnumerateObject().Any(IsCertificate) =>
                    "is a list of X.509 certificates and no JSON Web Key Set: name the issuer's key set (Firebase: set " +
                    $"{JwtOptions.AuthorityName}=https://securetoken.google.com/<project id> instead)",
                var root when root.TryGetProperty("kty", out _) => "is a single key: the issuer has to serve it in a set, {\"keys\":[…]}",
                _ => "is no JSON Web Key Set: it has no member keys",
            };
        }
        catch (JsonException)
        {
            return "is no JSON: name the address of a JSON Web Key Set, not of a page";
        }
    }

    private static bool IsCertificate(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.String
        && member.Value.GetString()!.StartsWith("-----BEGIN CERTIFICATE", StringComparison.Ordinal);
}
