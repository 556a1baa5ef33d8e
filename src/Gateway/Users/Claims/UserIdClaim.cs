using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using FathomGateway.Settings;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users.Claims;

/// <summary>Finds the user id among the claims of a verified JWT.</summary>
/// <param name="names">Names of the claims that may carry it, the likeliest first; <c>user.id</c> reaches into an object.</param>
internal sealed class UserIdClaim(IReadOnlyList<string> names)
{
    /// <summary>
    /// The first claim that is there decides: if it is no text or whole number, the token names nobody.
    /// Falling through to the next name would let two parts of the backend disagree on who is meant.
    /// </summary>
    /// <remarks>
    /// Read from the payload's own text: libraries round numbers, and turn a list of one into a value. A number counts where it is whole and
    /// of 64 bits, as it stands; of two claims of one name the last counts, as for the backend's parser.
    /// </remarks>
    public UserId? Find(JsonWebToken token)
    {
        if (Payload(token) is not { } payload) return null;
        using var _ = payload;
        foreach (var name in names)
        {
            if (ClaimPath.Find(payload.RootElement, name) is not { } value) continue;
            return UserId.TryParse(Text(value), out var userId) ? userId : null;
        }

        return null;
    }

    /// <summary>The names of a token's claims for people, without any value.</summary>
    public static string Names(JsonWebToken token)
    {
        using var payload = Payload(token);
        return payload is null ? "none" : ClaimPath.Names(payload.RootElement);
    }

    /// <returns>Null where the payload is no JSON object to the last byte, which the library lets pass.</returns>
    private static JsonDocument? Payload(JsonWebToken token)
    {
        try
        {
            return JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        }
        catch (Exception broken) when (broken is JsonException or FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }
}
