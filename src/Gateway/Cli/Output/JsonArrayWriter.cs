using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FathomGateway.Cli.Output;

/// <summary>Writes a JSON array one entry at a time, one per line, so that a million entries need the memory of one.</summary>
internal sealed class JsonArrayWriter<T>(TextWriter to, JsonTypeInfo<T> type) : IDisposable
{
    private string _before = "[\n";

    public void Write(T entry)
    {
        to.Write(_before);
        to.Write(JsonSerializer.Serialize(entry, type));
        _before = ",\n";
    }

    public void Dispose() => to.WriteLine(_before == "[\n" ? "[]" : "\n]");
}
