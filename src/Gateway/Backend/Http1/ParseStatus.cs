namespace FathomGateway.Backend.Http1;

/// <summary>Result of a parser for the bytes it was given.</summary>
internal enum ParseStatus
{
    /// <summary>The bytes are the beginning of a valid message. The parser needs more.</summary>
    Incomplete,

    /// <summary>The requested part is complete.</summary>
    Complete,

    /// <summary>The bytes violate RFC 9112 or a limit. No further byte of the connection can be trusted.</summary>
    Invalid,
}
