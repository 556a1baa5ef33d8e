using System.Text.Json;

namespace FathomGateway.Users.Claims;

/// <summary>Finds claims by name. A dot reaches into an object: <c>user.id</c> is the member <c>id</c> of the claim <c>user</c>.</summary>
internal static class ClaimPath
{
    /// <summary>Largest number of names in a log line, and longest name in characters, so that the line stays readable.</summary>
    private const int MaxNames = 20, MaxNameLength = 60;

    /// <summary>Common member names of a user's id.</summary>
    private static readonly string[] UserIdMembers = ["id", "_id", "sub", "uid", "userId", "user_id"];

    /// <summary>
    /// The value of a claim, or null where it is missing or null. A claim whose own name has dots (an address, with many issuers) has
    /// precedence.
    /// </summary>
    public static JsonElement? Find(JsonElement within, string name)
    {
        if (within.ValueKind != JsonValueKind.Object) return null;
        if (within.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (within.TryGetProperty(name[..dot], out var inner) && Find(inner, name[(dot + 1)..]) is { } found) return found;
        }

        return null;
    }

    /// <summary>The names of the claims, and of members that may be a user's id, separated by commas.</summary>
    public static string Names(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object) return "none";
        var names = payload.EnumerateObject().SelectMany(claim => MembersOf(claim).Prepend(NameOf(claim))).Distinct().ToArray();
        if (names.Length == 0) return "none";
        return string.Join(", ", names.Take(MaxNames).Select(Shown)) + (names.Length > MaxNames ? ", …" : "");
    }

    private static IEnumerable<string> MembersOf(JsonProperty claim) => claim.Value.ValueKind != JsonValueKind.Object
        ? []
        : UserIdMembers.Where(member => claim.Value.TryGetProperty(member, out _)).Select(member => $"{NameOf(claim)}.{member}");

    private static string NameOf(JsonProperty claim)
    {
        try
        {
            return claim.Name;
        }
        catch (InvalidOperationException)
        {
            // The name holds half of a surrogate pair.
            return "?";
        }
    }

    private static string Shown(string name)
    {
        var shown = string.Concat(name.Take(MaxNameLength).Select(one => IsShown(one) ? one : '?'));
        return name.Length > MaxNameLength ? shown + "…" : shown;
    }

    private static bool IsShown(char one) => char.IsAsciiLetterOrDigit(one) || "_-.:/@|".Contains(one, StringComparison.Ordinal);
}
