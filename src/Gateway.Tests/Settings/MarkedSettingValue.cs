namespace FathomGateway.Tests.Settings;

/// <summary>A text that no message of the gateway's holds by chance, deformed as values are on their way into a setting.</summary>
internal static class MarkedSettingValue
{
    private const string First = "kq7zvxwj4", Second = "mx3qhzpv9";

    /// <summary>As many letters in a row tell of a value.</summary>
    private const int Telling = 6;

    private static readonly HashSet<string> Parts =
        [.. new[] { First, Second }.SelectMany(
            one => Enumerable.Range(0, one.Length - Telling + 1).Select(at => one.Substring(at, Telling)))];

    private static readonly string[] Raw =
        ["?", "#", "/", "@", ":", ";", ",", "%", "[", "]", "&", "=", "'", "\"", " ", "\n", "\t", "\u200b", "\\", "|", "%zz", "://"];

    private static readonly string[] OtherSchemes = ["ftp://", "htps://", "mysql://", "javascript:"];

    private const string Database = "postgresql://u:p@127.0.0.1:1/db?";

    private static readonly string[] OfDatabase =
    [
        Database + First, $"{Database}{First}={Second}", $"{Database}sslmode={First}", $"{Database}sslrootcert=/{First}",
        $"{Database}connect_timeout={First}",
        $"{Database}target_session_attrs={First}", $"{Database}port={First}", $"Host=h;Password={First};{Second};Database=d",
        $"Host=h;Password={First};{Second}",
        $"Host=h;{First}={Second}", $"Host=h;Port={First}", $"Host=h;Maximum Pool Size={First}", $"host=h password={First} {Second}",
        $"host=h {First}={Second}",
        $"host=h port={First}", $"host=h password='{First}", $"psql 'postgresql://u:{First}@h/db'",
        $"jdbc:postgresql://h/db?password={First}",
    ];

    private static readonly string[] OfRedis =
    [
        $"redis-cli -u redis://:{First}@h", $"h:1,password={First},{Second}", $"h:1,{First}={Second}", $"h:1,ssl={First}",
        $"h:1,defaultDatabase={First}",
        $"redis://h:1/{First}", $"redis://h:1?{First}", $"redis://h:1,{First}:2",
    ];

    /// <summary>Each with both halves of the text, or one.</summary>
    public static IReadOnlyList<string> Shapes(string name) =>
    [
        .. Raw.Select(character => $"{First}{character}{Second}"),
        .. Raw.Select(character => $"{character}{First}{Second}{character}"),
        .. Schemes(name).SelectMany(scheme => Raw.Select(character => $"{scheme}u:{First}{character}{Second}@127.0.0.1:1/db")),
        .. Schemes(name).SelectMany(Cut),
        .. OtherSchemes.Select(scheme => $"{scheme}u:{First}?{Second}@h"),
        .. name == "DATABASE_URL" ? OfDatabase : name == "REDIS_URL" ? OfRedis : [],
        $"\u201c{First}\u201d", $"{name}={First}", $"export {name}={First}", $"<{First}>", $"${{{First}}}", $"{{\"a\":\"{First}\"}}",
        $"[\"{First}\"]",
        $"k1:{First}", $"k1:{First},k1:{First}", $"-----BEGIN PRIVATE KEY-----\n{First}",
        $"-----BEGIN PUBLIC KEY-----\n{First}\n-----END PUBLIC KEY-----",
        new string('a', 5000) + First, First + First, $"https://*.{First}", $"https://a*b*.{First}.test", $"10.0.0.0/{First}",
        $"1{First}", $"-{First}", $"{First}:", $"//{First}", $"/{First}?{Second}", $"#{First}#{Second}",
    ];

    /// <summary>
    /// The first telling part that the text holds, in whatever case, with what stands around it; null where it holds none.
    /// </summary>
    public static string? In(string text)
    {
        var lower = text.ToLowerInvariant();
        for (var at = 0; at + Telling <= lower.Length; at++)
        {
            if (Parts.GetAlternateLookup<ReadOnlySpan<char>>().Contains(lower.AsSpan(at, Telling)))
                return lower[Math.Max(0, at - 60)..Math.Min(lower.Length, at + 60)];
        }

        return null;
    }

    /// <summary>The text as a value that a setting takes.</summary>
    public const string Good = First + Second;

    private static string[] Schemes(string name) => name switch
    {
        "DATABASE_URL" => ["postgresql://", "postgres://"],
        "REDIS_URL" => ["redis://", "rediss://"],
        _ when name.EndsWith("_URL", StringComparison.Ordinal)
            || name.EndsWith("_URI", StringComparison.Ordinal)
            || name.EndsWith("ORIGINS", StringComparison.Ordinal) => ["https://"],
        _ => [],
    };

    private static string[] Cut(string scheme) =>
        [scheme
            + First, $"{scheme}u:{First}", $"{scheme}u:{First}@", $"{scheme}u:1/{First}", $"{scheme}u:1?{First}",
            $"{scheme}{First}:{Second}/{First}", scheme + scheme + First];
}
