using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FathomGateway.Cli.Output;

/// <summary>
/// Writes a JSON array one entry at a time, one per line, so that a million entries need the memory of one. Without <see cref="End"/> the
/// output is no JSON: who reads it does not take a part for the whole.
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
