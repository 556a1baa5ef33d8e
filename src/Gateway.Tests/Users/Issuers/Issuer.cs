using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Documents;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Users;

/// <summary>An issuer as it is found in the wild, set up as docs/settings.md says.</summary>
/// <param name="Row">How its row of the table begins.</param>
/// <param name="Fields">What its frontends send.</param>
/// <param name="Tokens">Its tokens, by the algorithms that sign them.</param>
/// <param name="Foreign">A member of the payload by which the token of another customer or app of the issuer differs.</param>
internal sealed partial record Issuer(
    string Row, string Fields, IReadOnlyList<(string Algorithm, string Header, string Payload)> Tokens, string Foreign)
{
    private const string Placeholder = "project";

    /// <summary>The settings of the row, its placeholders filled in, with the issuer at this address.</summary>
    public (string Name, string? Value)[] Settings(KeyServer server)
    {
        var row = new Document("docs/settings.md").Text.Split('\n').Single(line => line.StartsWith($"| {Row}", StringComparison.Ordinal));
        return [("JWT_SECRET", null), .. Setting().Matches(row).Select(match => One(match.Groups[1].Value, match.Groups[2].Value, server))];
    }

    private static (string Name, string? Value) One(string name, string value, KeyServer server) =>
        (name, Value(name, Filled().Replace(value, Placeholder), server));

    /// <param name="more">Members that replace those of the payload, as JSON.</param>
    public static string Sign(
        (string Algorithm, string Header, string Payload) token, string user, string issuer, string more, RSA rsa, ECDsa ec)
    {
        var filled = token.Payload.Replace("USER", user, StringComparison.Ordinal).Replace("ISSUER", issuer, StringComparison.Ordinal);
        var members = JsonNode.Parse(filled)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{more}}}")!.AsObject()) members[name] = value?.DeepClone();
        // The kit's own user.
        if (!members.ContainsKey("sub")) members["sub"] = null;
        var payload = members.ToJsonString();
        return token.Algorithm switch
        {
            "RS256" => Jwt.Rs256("", rsa, payload, token.Header),
            "ES256" => Jwt.Es256("", ec, payload, token.Header),
            _ => Jwt.For("", payload: payload, header: token.Header),
        };
    }

    private static string Value(string name, string value, KeyServer server) => name switch
    {
        "JWT_SECRET" => TestSettings.JwtSecret,
        "JWT_AUTHORITY" or "JWT_JWKS_URL" => $"{server.Authority}{new Uri(value).AbsolutePath}",
        _ => value,
    };

    [GeneratedRegex("`(JWT_[A-Z_]+)=([^`]*)`")]
    private static partial Regex Setting();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Filled();

    public override string ToString() => Row;
}
