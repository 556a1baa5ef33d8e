using FathomGateway.Keys;
using FathomGateway.Tokens.Encryption;

namespace FathomGateway.Cli.Stores;

/// <summary>The summary of a re-encryption. It omits user ids, which would end up in logs.</summary>
internal static class ReencryptionReport
{
    public static void Write(TextWriter output, ReencryptionCount count, KeyRing ring)
    {
        output.WriteLine($"first key      {ring.Current.Kid}");
        output.WriteLine($"moved          {count.Moved}");
        output.WriteLine($"already there  {count.AlreadyThere}");
        output.WriteLine($"unreadable     {count.Unreadable}");
        foreach (var (kid, users) in count.UnreadableByKid)
        {
            output.WriteLine($"  {users} {(users == 1 ? "user" : "users")}: {Why(kid, ring)}");
        }
    }

    /// <summary>The reasons why the other keys cannot be retired yet, each with its remedy; empty where they can.</summary>
    public static IEnumerable<string> Remedies(ReencryptionCount count)
    {
        if (count.Unreadable > 0)
        {
            yield return "Rows that no key opens are kept as they are. Add their keys to TOKEN_ENCRYPTION_KEYS and run this again; where a "
                + "key is lost, its users are asked to connect again, which replaces the row.";
        }

        if (count.WrittenElsewhere > 0)
        {
            yield return $"{count.WrittenElsewhere} more are under another key: a gateway still encrypts with it. Put the new key first in "
                + "TOKEN_ENCRYPTION_KEYS of every replica, then run this again.";
        }
    }

    private static string Why(string kid, KeyRing ring)
    {
        if (kid.Length == 0) return "text that is no ciphertext of this gateway";
        return ring.Find(kid) is null
            ? $"key {kid}, which TOKEN_ENCRYPTION_KEYS lacks"
            : $"key {kid}, which does not open it: altered, moved here from another row, or sealed with another key of that id";
    }
}
