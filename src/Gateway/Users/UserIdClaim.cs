using System.Globalization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users;

/// <summary>Finds the user id among the claims of a verified JWT.</summary>
/// <param name="names">Names of the claims that may carry it, the likeliest first.</param>
internal sealed class UserIdClaim(IReadOnlyList<string> names)
{
    /// <summary>
    /// The first claim that is there decides: if it is no text or whole number, the token names nobody.
    /// Falling through to the next name would let two parts of the backend disagree on who is meant.
    /// </summary>
    /// <remarks>Read from the token, not from the principal: there, a list of one is no longer told from a single value.</remarks>
    public UserId? Find(JsonWebToken token)
    {
        foreach (var name in names)
        {
            if (!token.TryGetPayloadValue<object?>(name, out var value) || value is null) continue;
            return UserId.TryParse(Text(value), out var userId) ? userId : null;
        }

        return null;
    }

    private static string? Text(object value) => value switch
    {
        string text => text,
        int or long => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };
}
