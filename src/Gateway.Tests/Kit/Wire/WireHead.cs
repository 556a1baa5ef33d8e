using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// The head of an HTTP/1.1 message as it stood on the wire: every byte, every field in order and in its own casing.
/// Latin-1 maps each byte to the character of the same number, so no byte is lost in a string.
/// </summary>
internal sealed class WireHead
{
    public WireHead(byte[] raw)
    {
        Raw = raw;
        Text = Encoding.Latin1.GetString(raw);
        var lines = Text.TrimEnd('\r', '\n').Split("\r\n");
        StartLine = lines[0];
        Fields = [.. lines.Skip(1).Select(Split)];
    }

    /// <summary>The bytes up to and with the empty line.</summary>
    public byte[] Raw { get; }

    public string Text { get; }

    public string StartLine { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; }

    /// <summary>Status of a response.</summary>
    public int Status => int.Parse(StartLine.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Method of a request.</summary>
    public string Method => StartLine.Split(' ')[0];

    /// <summary>Target of a request, byte for byte.</summary>
    public string Target => StartLine.Split(' ')[1];

    /// <summary>The values of a field, one for each line it stood on.</summary>
    public IEnumerable<string> All(string name) =>
        Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    /// <summary>The value of a field that stands at most once; null where it is absent.</summary>
    public string? Value(string name) => All(name).SingleOrDefault();

    public override string ToString() => Text;

    private static KeyValuePair<string, string> Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(line, "") : new(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }
}
