namespace FathomGateway.Backend.Http1;

/// <summary>What a parser says about the bytes that it has been given.</summary>
internal enum ParseStatus
{
    /// <summary>The bytes are the beginning of a valid message; more are needed.</summary>
    Incomplete,

    /// <summary>The part that was looked for is complete.</summary>
    Complete,

    /// <summary>The bytes violate RFC 9112, or a limit. No further byte of the connection can be trusted.</summary>
    Invalid,
}
