namespace FathomGateway.Backend.Http1;

/// <summary>How the end of a response's body is found (RFC 9112, section 6.3).</summary>
internal enum BodyFraming
{
    /// <summary>There is no body: the method or the status forbids it.</summary>
    None,

    /// <summary><c>Content-Length</c> says how many bytes follow.</summary>
    Length,

    /// <summary>The body is chunked; the last chunk and the trailer section end it.</summary>
    Chunked,

    /// <summary>The server ends the body by closing the connection.</summary>
    UntilClose,
}
