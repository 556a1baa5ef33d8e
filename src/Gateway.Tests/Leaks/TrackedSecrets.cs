using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;

namespace FathomGateway.Tests.Leaks;

/// <summary>Secrets that may appear only in known places, and the search for them in every usual encoding.</summary>
internal sealed class TrackedSecrets
{
    private readonly ConcurrentDictionary<string, string> _names = [];

    public IEnumerable<string> Values => _names.Keys;

    public string Add(string name, string value)
    {
        _names[value] = name;
        return value;
    }

    /// <summary>Which secrets stand in a text, by name and spelling; bytes are to be read as Latin-1.</summary>
    public IEnumerable<string> FoundIn(string text) =>
        from tracked in _names
        from spelling in Spellings(tracked.Key)
        where text.Contains(spelling, StringComparison.Ordinal)
        select $"{tracked.Value} as {spelling}";

    public static IEnumerable<string> Spellings(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var (escaped, everyByte) = (Uri.EscapeDataString(secret), string.Concat(bytes.Select(one => $"%{one:X2}")));
        return new[]
        {
            secret, escaped, Uri.EscapeDataString(escaped), everyByte, everyByte.ToLowerInvariant(), Convert.ToHexString(bytes),
            Convert.ToHexStringLower(bytes), BitConverter.ToString(bytes),
            JavaScriptEncoder.Default.Encode(secret), Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(secret)),
        }.Concat(Enumerable.Range(0, 3).SelectMany(before => InBase64(bytes, before))).Distinct();
    }

    /// <summary>
    /// As it stands in the base64 of something longer: behind as many bytes, without the characters that its neighbours have a part in.
    /// </summary>
    private static string[] InBase64(byte[] bytes, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. bytes]);
        var first = before == 0 ? 0 : 4;
        var inner = text[first..(text.Length - 4)];
        return [inner, inner.Replace('+', '-').Replace('/', '_'), inner.Replace("+", "\\u002B", StringComparison.Ordinal)];
    }
}
