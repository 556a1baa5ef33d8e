using System.Text;
using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Reads a chunked body as the product does, and keeps all results.</summary>
/// <param name="most">Bytes of content at a time.</param>
internal sealed class ChunkedReading(int most = int.MaxValue)
{
    private readonly List<byte> _trailers = [];
    private readonly StringBuilder _content = new();
    private ChunkedBodyParser _reader;
    private bool _began;

    public string Content => _content.ToString();

    public string Trailers => Encoding.Latin1.GetString([.. _trailers]);

    public int Consumed { get; private set; }

    /// <summary>The next piece, up to its end or to that of the body.</summary>
    public ParseStatus Feed(string piece) => Feed(Encoding.Latin1.GetBytes(piece));

    public ParseStatus Feed(ReadOnlySpan<byte> bytes)
    {
        if (!_began) (_reader, _began) = (new ChunkedBodyParser { Trailers = _trailers }, true);
        while (true)
        {
            var status = _reader.Read(bytes, most, out var consumed, out var content);
            Assert.InRange(consumed, 0, bytes.Length);
            Assert.InRange(content.Length, 0, Math.Min(most, consumed));
            // Content stands at the end of what was consumed.
            Assert.True(content.SequenceEqual(bytes[(consumed - content.Length)..consumed]));
            _content.Append(Encoding.Latin1.GetString(content));
            Consumed += consumed;
            bytes = bytes[consumed..];
            if (status != ParseStatus.Incomplete || bytes.IsEmpty) return status;
        }
    }
}
