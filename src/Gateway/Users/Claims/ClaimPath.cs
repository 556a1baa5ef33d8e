using System.Text.Json;
using FathomGateway.Connect;

namespace FathomGateway.Users.Claims;

/// <summary>Names of claims, some of which reach into objects: <c>user.id</c> is the member <c>id</c> of the claim <c>user</c>.</summary>
internal static class ClaimPath
{
    /// <summary>Most names that are told, and most characters of one: a line of log stays a line.</summary>
    private const int MostNames = 20, LongestName = 60;

    /// <summary>What people call the id of a user in an object of its own.</summary>
    private static readonly string[] MembersOfUsers = ["id", "_id", "sub", "uid", "userId", "user_id"];

    /// <summary>
    /// What stands under a name; a claim whose own name has dots (an address, with many issuers) is found by it first. Null where there is
    /// nothing, or a null.
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

    /// <summary>The names of the claims, with those members that may be a user's id; separated by commas.</summary>
    public static string Names(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object) return "none";
        var names = payload.EnumerateObject().SelectMany(claim => MembersOf(claim).Prepend(NameOf(claim))).Distinct().ToArray();
        if (names.Length == 0) return "none";
        return string.Join(", ", names.Take(MostNames).Select(Shown)) + (names.Length > MostNames ? ", …" : "");
    }

    private static IEnumerable<string> MembersOf(JsonProperty claim) => claim.Value.ValueKind != JsonValueKind.Object
        ? []
        : MembersOfUsers.Where(member => claim.Value.TryGetProperty(member, out _)).Select(member => $"{NameOf(claim)}.{member}");

    private static string NameOf(JsonProperty claim)
    {
        try
        {
            return claim.Name;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return "?";
        }
    }

    private static string Shown(string name)
    {
        var shown = string.Concat(name.Take(LongestName).Select(one => IsShown(one) ? one : '?'));
        return name.Length > LongestName ? shown + "…" : shown;
    }

    private static bool IsShown(char one) => char.IsAsciiLetterOrDigit(one) || "_-.:/@|".Contains(one, StringComparison.Ordinal);
}
