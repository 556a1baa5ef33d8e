using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>The ways in which chunks may be written down (RFC 9112, section 7.1).</summary>
internal static class ChunkCases
{
    private static readonly string[] Extensions =
    [
        "", ";a", ";a=b", ";a=\"b\"", ";a=\"b;c\"", ";a=\"b\\\"c\"", ";a=b;c=d", " ;a=b", "; a=b", " ; a = b", "\t;a", ";a=\"\"",
        ";a=\"caf\u00e9\"", $";a={new string('b', 1000)}",
    ];

    private static readonly string[] Sizes = ["a", "A", "0a", "0000000A", "000000000000000a"];

    public static IEnumerable<Case> All() => Sizes.SelectMany(size => Extensions.SelectMany(extension => new[]
    {
        Of($"size {size}{extension}", $"{size}{extension}\r\n0123456789\r\n0\r\n\r\n"),
        Of($"size {size}{extension} and a last chunk with it", $"{size}{extension}\r\n0123456789\r\n000{extension}\r\n\r\n"),
    })).Concat(
    [
        Of("a chunk a byte", string.Concat(Enumerable.Range(0, 2000).Select(code => $"1\r\n{(char)(code % 256)}\r\n")) + "0\r\n\r\n"),
        Of("chunks that look like chunks", "c\r\n5\r\nhello\r\n0\r\r\n0\r\n\r\n"),
        Of("chunks of line ends", "4\r\n\r\n\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n"),
        Of("a chunk of 100 kB", $"186a0\r\n{new string('x', 100_000)}\r\n0\r\n\r\n"),
        Of("growing", string.Concat(Enumerable.Range(1, 300).Select(size => $"{size:x}\r\n{new string('x', size)}\r\n")) + "0\r\n\r\n"),
    ]).SelectMany(one => new[] { one, one with { Name = $"{one.Name}, in two segments", Cuts = [one.Answer.Length - 9] } });

    private static Case Of(string name, string body) =>
        Case.Http11(name) with { Answer = $"HTTP/1.1 200 OK\r\n{Case.Date}Transfer-Encoding: chunked\r\n\r\n{body}" };
}
