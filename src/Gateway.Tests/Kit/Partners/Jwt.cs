using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Makes the tokens that a backend, or an attacker, would send. They are put together by hand, since libraries refuse to make most of
/// the wrong ones. Header and payload can be overridden with JSON: members are replaced, and removed where the override says null.
/// </summary>
internal static class Jwt
{
    /// <summary>A token under HMAC: HS256 unless the header says HS384 or HS512.</summary>
    public static string For(string userId, string secret = TestSettings.JwtSecret, string? payload = null, string? header = null) =>
        Hmac(Merge(Header("HS256"), header), Merge(Payload(userId), payload), Encoding.UTF8.GetBytes(secret));

    public static string Rs256(string userId, RSA key, string? payload = null, string? header = null) =>
        Sign(
            Merge(Header("RS256"), header),
            Merge(Payload(userId), payload),
            input => key.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>A token under an unknown RSA key: the verifier has to fetch keys first.</summary>
    public static string ByUnknownKey(string userId)
    {
        using var key = RSA.Create(2048);
        return Rs256(userId, key);
    }

    public static string Es256(string userId, ECDsa key, string? payload = null, string? header = null) =>
        Sign(Merge(Header("ES256"), header), Merge(Payload(userId), payload), input => key.SignData(input, HashAlgorithmName.SHA256));

    /// <summary>A token that says <c>alg: none</c> and has an empty signature.</summary>
    public static string Unsigned(string userId, string? payload = null, string? header = null) =>
        Sign(Merge(Header("none"), header), Merge(Payload(userId), payload), _ => []);

    /// <summary>Signs exactly these texts, be they JSON or not.</summary>
    public static string Hmac(string header, string payload, byte[] secret) =>
        Sign(header, payload, input => header switch
        {
            _ when header.Contains("HS384", StringComparison.Ordinal) => HMACSHA384.HashData(secret, input),
            _ when header.Contains("HS512", StringComparison.Ordinal) => HMACSHA512.HashData(secret, input),
            _ => HMACSHA256.HashData(secret, input),
        });

    /// <summary>Signs exactly these texts with anything.</summary>
    public static string Sign(string header, string payload, Func<byte[], byte[]> signature)
    {
        var input = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";
        return $"{input}.{Base64UrlEncoder.Encode(signature(Encoding.ASCII.GetBytes(input)))}";
    }

    private static JsonObject Header(string algorithm) => new() { ["alg"] = algorithm, ["typ"] = "JWT" };

    private static JsonObject Payload(string userId) => new()
    {
        ["sub"] = userId,
        ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(),
    };

    private static string Merge(JsonObject members, string? overrides)
    {
        foreach (var (name, value) in JsonNode.Parse(overrides ?? "{}")!.AsObject())
        {
            members.Remove(name);
            if (value is not null)
            {
                members[name] = value.DeepClone();
            }
        }

        return members.ToJsonString();
    }
}
