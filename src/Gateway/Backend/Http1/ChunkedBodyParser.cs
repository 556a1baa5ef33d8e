namespace FathomGateway.Backend.Http1;

/// <summary>
/// Parses the chunked transfer coding (RFC 9112, section 7.1) from parts of any size, without I/O. Code that copies the bytes unchanged
/// uses <c>consumed</c>; code that needs the content uses the returned range.
/// </summary>
internal struct ChunkedBodyParser
{
    /// <summary>Bytes of a chunk's size line with its extensions. No real server needs more.</summary>
    private const int MaxSizeLineBytes = 4 * 1024;

    /// <summary>Bytes of a trailer section; the same limit as for a head.</summary>
    private const int MaxTrailerBytes = ResponseHeadParser.MaxHeadBytes;

    private State _state;
    private long _remaining;
    private int _lineLength;
    private int _trailersLength;
    private int _nameLength;

    private enum State
    {
        SizeFirst,
        Size,
        BeforeExtension,
        Extension,
        SizeLineFeed,
        Content,
        ContentReturn,
        ContentLineFeed,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLineFeed,
        LastLineFeed,
        End,
    }

    /// <summary>Receives the bytes of the trailer section with line ends; null to drop them.</summary>
    public List<byte>? Trailers { get; init; }

    /// <summary>Parses up to the end of the next part of the content, of the message, or of the bytes.</summary>
    /// <param name="bytes">The bytes received since the last call.</param>
    /// <param name="maxContent">Largest number of content bytes to return.</param>
    /// <param name="consumed">Number of bytes that belong to the message. Fewer than given where the message or the content ends.</param>
    /// <param name="content">The part of the content, which is at the end of the consumed bytes; empty where there is none.</param>
    /// <returns><see cref="ParseStatus.Incomplete"/> also where content was found: call again with the rest.</returns>
    public ParseStatus Read(ReadOnlySpan<byte> bytes, int maxContent, out int consumed, out ReadOnlySpan<byte> content)
    {
        content = default;
        for (consumed = 0; consumed < bytes.Length && _state != State.End;)
        {
            if (_state == State.Content)
            {
                var length = (int)Math.Min(_remaining, Math.Min(maxContent, bytes.Length - consumed));
                content = bytes.Slice(consumed, length);
                consumed += length;
                _remaining -= length;
                if (_remaining == 0) _state = State.ContentReturn;
                return ParseStatus.Incomplete;
            }

            if (_state >= State.TrailerStart) Trailers?.Add(bytes[consumed]);
            if (!Take(bytes[consumed++])) return ParseStatus.Invalid;
        }

        return _state == State.End ? ParseStatus.Complete : ParseStatus.Incomplete;
    }

    private bool Take(byte value) => _state switch
    {
        State.SizeFirst => TakeDigit(value),
        State.Size => TakeDigit(value) || TakeEndOfSize(value),
        State.BeforeExtension => value is (byte)' ' or (byte)'\t' ? IsShort() : TakeExtensionMark(value),
        State.Extension => value == '\r' ? Go(State.SizeLineFeed) : value is not ((byte)'\n' or 0) && IsShort(),
        State.SizeLineFeed => value == '\n' && Go(_remaining > 0 ? State.Content : State.TrailerStart),
        State.ContentReturn => value == '\r' && Go(State.ContentLineFeed),
        State.ContentLineFeed => value == '\n' && Go(State.SizeFirst),
        State.TrailerStart => value == '\r' ? Go(State.LastLineFeed) : Go(State.TrailerName) && TakeTrailerName(value),
        State.TrailerName => TakeTrailerName(value),
        State.TrailerValue => value == '\r' ? Go(State.TrailerLineFeed) : value is not ((byte)'\n' or 0) && IsShortSection(),
        State.TrailerLineFeed => value == '\n' && Go(State.TrailerStart),
        State.LastLineFeed => value == '\n' && Go(State.End),
        _ => false,
    };

    private bool Go(State next)
    {
        if (next == State.SizeFirst) (_remaining, _lineLength) = (0, 0);
        _state = next;
        return true;
    }

    private bool IsShort() => ++_lineLength <= MaxSizeLineBytes;

    private bool TakeDigit(byte value)
    {
        var digit = value switch
        {
            >= (byte)'0' and <= (byte)'9' => value - '0',
            >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
            _ => -1,
        };
        if (digit < 0 || _remaining > long.MaxValue >> 4 || !IsShort()) return false;
        _remaining = (_remaining << 4) | (uint)digit;
        _state = State.Size;
        return true;
    }

    private bool TakeEndOfSize(byte value) => value switch
    {
        (byte)'\r' => Go(State.SizeLineFeed),
        (byte)' ' or (byte)'\t' => Go(State.BeforeExtension),
        _ => TakeExtensionMark(value),
    };

    /// <summary>Whitespace after the size is allowed only before an extension.</summary>
    private bool TakeExtensionMark(byte value) => value == ';' && Go(State.Extension);

    /// <summary>A name is a token up to its colon. A folded or nameless line is no field (RFC 9112, section 5).</summary>
    private bool TakeTrailerName(byte value)
    {
        if (!IsShortSection()) return false;
        if (value != ':') return (_nameLength = ResponseHeadParser.IsToken(value) ? _nameLength + 1 : 0) > 0;
        var isNamed = _nameLength > 0;
        _nameLength = 0;
        return isNamed && Go(State.TrailerValue);
    }

    private bool IsShortSection() => ++_trailersLength <= MaxTrailerBytes;
}
