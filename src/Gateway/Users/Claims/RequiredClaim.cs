using System.Globalization;
using FathomGateway.Settings;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users.Claims;

/// <summary>
/// A claim that a JWT must carry, such as <c>type=access</c>. Backends sign refresh tokens and e-mail links with the same secret, and such
/// a token must not pass for an access token (RFC 8725, section 3.12).
/// </summary>
internal sealed record RequiredClaim(string Name, string Value)
{
    public const string ClaimsName = "JWT_REQUIRED_CLAIMS";

    public static IReadOnlyList<RequiredClaim> Read(SettingsReader settings)
    {
        var claims = new List<RequiredClaim>();
        foreach (var text in settings.List(ClaimsName))
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && equals < text.Length - 1) claims.Add(new RequiredClaim(text[..equals].Trim(), text[(equals + 1)..].Trim()));
            else
            {
                settings.Fault(
                    ClaimsName, "holds something that is no claim with a value: write type=access, several separated by commas.");
            }
        }

        return claims;
    }

    /// <summary>True where the claim is one text, whole number or boolean and equals this value exactly.</summary>
    public bool IsIn(JsonWebToken token) => token.TryGetPayloadValue<object?>(Name, out var value) && value switch
    {
        string text => text == Value,
        bool truth => (truth ? "true" : "false") == Value,
        int or long => Convert.ToString(value, CultureInfo.InvariantCulture) == Value,
        _ => false,
    };
}
