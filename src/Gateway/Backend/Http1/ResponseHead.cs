namespace FathomGateway.Backend.Http1;

/// <summary>
/// Status line and header section of a response (RFC 9112, sections 4 and 5), and their meaning for body and connection. Each connection
/// has one object, which <see cref="ResponseHeadParser"/> fills for each response.
/// </summary>
internal sealed class ResponseHead
{
    /// <summary>Status code, 100–999.</summary>
    public int Status { get; set; }

    /// <summary>Reason phrase as received; empty where there is none.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Whether the response is HTTP/1.0, which closes the connection by default.</summary>
    public bool IsHttp10 { get; set; }

    /// <summary>The field lines in their order. Repeated lines stay repeated.</summary>
    public List<HeaderField> Fields { get; } = [];

    /// <summary>Value of <c>Content-Length</c> in bytes; -1 where there is none.</summary>
    public long ContentLength { get; set; } = -1;

    /// <summary>
    /// Value of <c>Transfer-Encoding</c>: <c>chunked</c> in any case, the only coding that is accepted; null where there is none.
    /// </summary>
    public string? TransferEncoding { get; set; }

    public bool IsChunked => TransferEncoding is not null;

    /// <summary>Whether <c>Connection</c> holds <c>close</c>.</summary>
    public bool SaysClose { get; set; }

    /// <summary>Whether <c>Connection</c> holds <c>keep-alive</c>.</summary>
    public bool SaysKeepAlive { get; set; }

    /// <summary>Seconds of <c>Keep-Alive: timeout=N</c>; -1 where there is none.</summary>
    public int KeepAliveSeconds { get; set; } = -1;

    /// <summary>Whether this is an interim response (RFC 9110, section 15.2) other than 101, which ends HTTP on the connection.</summary>
    public bool IsInterim => Status is < 200 and not 101;

    /// <summary>Whether the server keeps the connection open after this response (RFC 9112, section 9.3).</summary>
    public bool KeepsConnection => !SaysClose && (!IsHttp10 || SaysKeepAlive);

    /// <summary>How the end of the body is determined (RFC 9112, section 6.3).</summary>
    /// <param name="method">Method of the request, case-sensitive.</param>
    public BodyFraming FramingFor(string method)
    {
        if (Status is < 200 or 204 or 205 or 304 || method == "HEAD") return BodyFraming.None;
        if (IsChunked) return BodyFraming.Chunked;
        return ContentLength >= 0 ? BodyFraming.Length : BodyFraming.UntilClose;
    }

    /// <summary>
    /// Whether the head announces a body that must not follow (a 204 or 205 with a length, for example). The server may send one all the
    /// same, so the connection cannot be reused. For HEAD and 304 the length belongs to another response (RFC 9110, section 8.6).
    /// </summary>
    public bool AnnouncesForbiddenBody => Status is 204 or 205 && (IsChunked || ContentLength > 0);

    public void Clear()
    {
        (Status, Reason, IsHttp10) = (0, "", false);
        (ContentLength, TransferEncoding) = (-1, null);
        (SaysClose, SaysKeepAlive, KeepAliveSeconds) = (false, false, -1);
        Fields.Clear();
    }
}
