namespace FathomGateway.Backend.Http1;

/// <summary>How the end of a body is determined (RFC 9112, section 6.3).</summary>
internal enum BodyFraming
{
    /// <summary>There is no body: the request has none, or the method or the status forbids one in the response.</summary>
    None,

    /// <summary><c>Content-Length</c> gives the number of bytes.</summary>
    Length,

    /// <summary>The body is chunked. The last chunk and the trailer section end it.</summary>
    Chunked,

    /// <summary>The close of the connection ends the body. Responses only.</summary>
    UntilClose,
}
