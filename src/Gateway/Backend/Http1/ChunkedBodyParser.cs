namespace FathomGateway.Backend.Http1;

/// <summary>
/// Reads the chunked transfer coding (RFC 9112, section 7.1) from bytes, in pieces of any size. Does no input or output.
/// Whoever passes the bytes on as they are needs only <c>consumed</c>; whoever wants the content takes it from the range that is given.
/// </summary>
internal struct ChunkedBodyParser
{
    /// <summary>Bytes of a chunk's size with its extensions; there is no use for more.</summary>
    private const int LongestSizeLine = 4 * 1024;

    /// <summary>Bytes of a trailer section: as many as of a head.</summary>
    private const int LargestTrailers = ResponseHeadParser.LargestHead;

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

    /// <summary>Where the bytes of the trailer section are put, line ends included; null where nobody wants them.</summary>
    public List<byte>? Trailers { get; init; }

    /// <summary>Reads on, up to the end of the next piece of content, of the message or of the bytes.</summary>
    /// <param name="bytes">What has come since; nothing is to be given twice.</param>
    /// <param name="mostContent">Bytes of content at most.</param>
    /// <param name="consumed">Bytes that belong to the message; fewer than were given where it ends, or where content ends.</param>
    /// <param name="content">The piece of content, at the end of what was consumed; empty where there is none.</param>
    /// <returns><see cref="ParseStatus.Incomplete"/> also where content was found: read on with the rest.</returns>
    public ParseStatus Read(ReadOnlySpan<byte> bytes, int mostContent, out int consumed, out ReadOnlySpan<byte> content)
    {
        content = default;
        for (consumed = 0; consumed < bytes.Length && _state != State.End;)
        {
            if (_state == State.Content)
            {
                var length = (int)Math.Min(_remaining, Math.Min(mostContent, bytes.Length - consumed));
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

    private bool IsShort() => ++_lineLength <= LongestSizeLine;

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

    /// <summary>Blanks behind the size are allowed before an extension only.</summary>
    private bool TakeExtensionMark(byte value) => value == ';' && Go(State.Extension);

    /// <summary>A name is a token up to its colon; a folded or nameless line is no field (RFC 9112, section 5).</summary>
    private bool TakeTrailerName(byte value)
    {
        if (!IsShortSection()) return false;
        if (value != ':') return (_nameLength = ResponseHeadParser.IsToken(value) ? _nameLength + 1 : 0) > 0;
        var isNamed = _nameLength > 0;
        _nameLength = 0;
        return isNamed && Go(State.TrailerValue);
    }

    private bool IsShortSection() => ++_trailersLength <= LargestTrailers;
}
