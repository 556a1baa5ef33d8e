using System.Text.Json;
using System.Text.Json.Serialization;

namespace FathomGateway.Cli.Output;

/// <summary>Writes a JSON array one entry at a time, one per line, so that a million entries need the memory of one.</summary>
internal sealed class JsonArrayWriter(TextWriter to) : IDisposable
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private string _before = "[\n";

    public void Write<T>(T entry)
    {
        to.Write(_before);
        to.Write(JsonSerializer.Serialize(entry, Options));
        _before = ",\n";
    }

    public void Dispose() => to.WriteLine(_before == "[\n" ? "[]" : "\n]");
}
