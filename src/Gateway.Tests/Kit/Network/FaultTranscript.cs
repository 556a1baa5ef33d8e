using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>The first megabyte that came in on one connection in one direction of a <see cref="FaultProxy"/>.</summary>
internal sealed class FaultTranscript
{
    private const int MaxLength = 1024 * 1024;

    private readonly StringBuilder _text = new();

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_text)
        {
            if (_text.Length < MaxLength) _text.Append(Encoding.Latin1.GetString(bytes));
        }
    }

    public int Count(string text)
    {
        lock (_text) return _text.ToString().Split(text).Length - 1;
    }
}
