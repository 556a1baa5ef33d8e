using System.Globalization;
using System.Text;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>A message as it was read, in parts that can be compared and, where a difference is permitted, changed.</summary>
internal sealed class SeenMessage
{
    public required string StartLine { get; set; }

    public required List<KeyValuePair<string, string>> Fields { get; set; }

    /// <summary>Without the chunks.</summary>
    public string Body { get; init; } = "";

    /// <summary>With the chunks, as on the wire, up to the last one.</summary>
    public string Wire { get; set; } = "";

    public string Trailers { get; set; } = "";

    public static SeenMessage Of(WireMessage message)
    {
        var chunked = message.Head.All("Transfer-Encoding").Any();
        var (wire, trailers) = chunked ? SplitTrailers(message.RawBodyText) : (message.RawBodyText, "");
        return new SeenMessage
        {
            StartLine = message.Head.StartLine,
            Fields = [.. message.Head.Fields],
            Body = Encoding.Latin1.GetString(message.Body),
            Wire = wire,
            Trailers = trailers,
        };
    }

    public static SeenMessage Of(Http2Response response) => new()
    {
        StartLine = $"HTTP/2 {response.Status}{(response.ResetBy is { } code ? $", reset by {code}" : "")}",
        Fields = [.. response.Fields.Where(field => field.Key != ":status")],
        Body = response.Body,
        Wire = response.Body,
        Trailers = string.Concat(response.Trailers.Select(field => $"{field.Key}: {field.Value}\r\n")),
    };

    public static SeenMessage Nothing(Exception why) => new() { StartLine = $"no response: {why.GetType().Name}", Fields = [] };

    public bool Has(string name) => Fields.Exists(field => Is(field, name));

    public string? Value(string name) => Fields.Where(field => Is(field, name)).Select(field => field.Value).FirstOrDefault();

    public bool Remove(string name) => Fields.RemoveAll(field => Is(field, name)) > 0;

    public void Add(string name, string value) => Fields.Add(new(name, value));

    public void Set(string name, string value) => Fields = [.. Fields.Select(field => Is(field, name) ? new(field.Key, value) : field)];

    public IEnumerable<string> Lines(string label) =>
    [
        $"{label} {StartLine}",
        .. Fields.Select(line => $"{label} field {line.Key}: {line.Value}"),
        .. new[] { ("body", Body), ("on the wire", Wire), ("trailers", Trailers) }.Where(part => part.Item2.Length > 0)
            .Select(part => $"{label} {part.Item1}: {part.Item2}"),
    ];

    private static bool Is(KeyValuePair<string, string> field, string name) => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The last chunk's line ends the chunks; what follows up to the empty line are trailers.</summary>
    private static (string Wire, string Trailers) SplitTrailers(string raw)
    {
        for (var start = 0; raw.IndexOf("\r\n", start, StringComparison.Ordinal) is var end and >= 0;)
        {
            var digits = raw[start..end].Split(';')[0].Trim();
            if (!int.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size)) break;
            start = end + 2;
            if (size == 0) return (raw[..start], raw[start..^2]);
            start += size + 2;
            if (start > raw.Length) break;
        }

        return (raw, "");
    }
}
