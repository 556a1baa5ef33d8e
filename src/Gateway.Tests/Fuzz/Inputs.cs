using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Random bytes, and good inputs with up to six mutations.</summary>
internal static class Inputs
{
    private const int MaxMutations = 6, MaxRandomLength = 300, MaxRepetitions = 4000, MaxSpliceLength = 24;

    /// <summary>Texts that mean something to one parser or another.</summary>
    private static readonly string[] Words =
    [
        "\0", "\r\n", "\n", "\r", " ", "\t", "%", "%00", "%0d%0a", "%2e%2e", "%2f", "%5c", "%c0%af", "%ff", "%25", "+", "/", "//",
        "/../", "/./", "\\", ".", "..", "?", "#", "&", "=", ";", ":", ",", "\"", "'", "<script>",
        "{", "}", "[", "]", "{}", "[[[[", "null", "true", "-1", "0", "1e999", "1.7976931348623157E+309", "18446744073709551616",
        "\\u0000", "\\ud800", "\u00ff\u00fe", "\u00ed\u00a0\u0080", "\u00ef\u00bb\u00bf", "access_token", "expires_in", "error", "code",
        "state", "handle",
        "alg", "none", "HS256", "crit", "sub", "exp", "v1.", "k1", "Bearer ", "Content-Length: 5\r\n",
        "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: chunked\r\n", "Host: x\r\n", "Connection: keep-alive\r\n",
        "Expect: 100-continue\r\n", "Upgrade: websocket\r\n",
        "X-Forwarded-For: 1.2.3.4\r\n", "Sec-Purpose: prefetch\r\n", "HTTP/1.0", "HTTP/2.0", "HTTP/1.1",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET ", "HEAD ", "OPTIONS ", "CONNECT ", "TRACE ", "*", "http://h/", "0\r\n\r\n",
        "ffffffffffffffff\r\n", "/fathom/callback", "/fathom/connect", "/connections/",
    ];

    public static Gen<byte[]> From(IReadOnlyList<byte[]> good)
    {
        var random = Gen.Choose(0, 255).Select(one => (byte)one);
        var splice = Gen.OneOf(
            Gen.Elements(Words).Select(Encoding.Latin1.GetBytes),
            random.ArrayOf(1),
            Gen.Choose(1, MaxSpliceLength).SelectMany(length => random.ArrayOf(length)),
            from other in Gen.Elements(good.ToArray())
            from at in Gen.Choose(0, Math.Max(0, other.Length - 1))
            from length in Gen.Choose(0, MaxSpliceLength)
            select other[at..Math.Min(other.Length, at + length)]);
        var mutation =
            from kind in Gen.Choose(0, Mutation.Kinds - 1)
            from at in Gen.Choose(0, int.MaxValue)
            from length in Gen.Choose(0, MaxRepetitions)
            from bytes in splice
            select new Mutation(kind, at, length, bytes);
        var mutated =
            from start in Gen.Elements(good.ToArray())
            from count in Gen.Choose(0, MaxMutations)
            from mutations in mutation.ArrayOf(count)
            select mutations.Aggregate(start, (input, one) => one.Apply(input));
        return Gen.Frequency((12, mutated), (1, Gen.Choose(0, MaxRandomLength).SelectMany(length => random.ArrayOf(length))));
    }

    /// <summary>The input with a part left out: halves first, then ever smaller parts.</summary>
    public static IEnumerable<byte[]> Shorter(byte[] input)
    {
        for (var part = (input.Length + 1) / 2; part > 0; part = part == 1 ? 0 : (part + 1) / 2)
        {
            for (var at = 0; at < input.Length; at += part) yield return [.. input[..at], .. input[Math.Min(at + part, input.Length)..]];
        }
    }
}
