using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FathomGateway.Cli.Output;

/// <summary>
/// Writes a JSON array entry by entry, one per line, so that only one entry is in memory. Without <see cref="End"/> the output is invalid
/// JSON, so a reader detects that it is incomplete.
/// </summary>
internal sealed class JsonArrayWriter<T>(TextWriter to, JsonTypeInfo<T> type)
{
    private string _before = "[\n";

    public void Write(T entry)
    {
        to.Write(_before);
        to.Write(JsonSerializer.Serialize(entry, type));
        _before = ",\n";
    }

    /// <summary>Writes the closing bracket, once all entries are written.</summary>
    public void End() => to.WriteLine(_before == "[\n" ? "[]" : "\n]");
}
