using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users.Claims;

/// <summary>Finds the user id among the claims of a verified JWT.</summary>
/// <param name="names">Names of the claims that may hold it, in order of precedence; <c>user.id</c> reaches into an object.</param>
internal sealed class UserIdClaim(IReadOnlyList<string> names)
{
    /// <summary>
    /// The first claim that exists decides. If it is no text or whole number, the token names no user. With a fallback to the next name,
    /// two parts of the backend could disagree on the user.
    /// </summary>
    /// <remarks>
    /// Reads the payload's own text, because libraries round numbers and unwrap one-element lists. A number counts if it is whole and fits
    /// 64 bits. Of two claims with one name the last counts, as in the backend's parser.
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

    /// <summary>The names of a token's claims for messages, without values.</summary>
    public static string Names(JsonWebToken token)
    {
        using var payload = Payload(token);
        return payload is null ? "none" : ClaimPath.Names(payload.RootElement);
    }

    /// <returns>Null where the payload is not exactly one JSON object, which the library accepts.</returns>
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
            // The text holds half of a surrogate pair.
            return null;
        }
    }
}
