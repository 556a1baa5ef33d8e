namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Fields that are not forwarded as they are: the hop-by-hop fields (RFC 9110, section 7.6.1), <c>Host</c>, <c>Content-Length</c>, and
/// <c>Alt-Svc</c> of a response. Fields that <c>Connection</c> names are forwarded all the same. Otherwise a
/// client could remove <c>Cookie</c> or <c>X-Forwarded-For</c> from a request.
/// </summary>
internal static class HopByHopHeaders
{
    /// <summary>Whether a request's field is dropped or written anew. The forwarder writes the framing fields and <c>Host</c>.</summary>
    /// <param name="isHttp2">Over HTTP/2 <c>TE</c> holds only <c>trailers</c> (RFC 9113, section 8.2.2), which also holds for the next
    /// hop.</param>
    public static bool IsOfRequest(string name, bool isHttp2) => name.Length switch
    {
        2 => !isHttp2 && Is(name, "TE"),
        4 => Is(name, "Host"),
        7 => Is(name, "Upgrade"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "Content-Length") || Is(name, "HTTP2-Settings"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        _ => false,
    };

    /// <summary>
    /// Whether a response's field is dropped, or written by the server from the body's framing. <c>Alt-Svc</c> would lead browsers past the
    /// gateway.
    /// </summary>
    /// <param name="status">A 426 and a 101 need their <c>Upgrade</c> field (RFC 9110, section 15.5.22).</param>
    public static bool IsOfResponse(string name, int status) => name.Length switch
    {
        7 => Is(name, "Alt-Svc") || (Is(name, "Upgrade") && !NeedsUpgrade(status)),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "Content-Length"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        _ => false,
    };

    /// <summary>
    /// Whether a trailer of a response is dropped: HTTP/2 has no fields of the connection (RFC 9113, section 8.2.2), and no trailer changes
    /// the framing (RFC 9110, section 6.5.1).
    /// </summary>
    public static bool IsOfResponseTrailer(string name) => Is(name, "TE") || IsOfResponse(name, StatusCodes.Status200OK);

    private static bool NeedsUpgrade(int status) =>
        status is StatusCodes.Status426UpgradeRequired or StatusCodes.Status101SwitchingProtocols;

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
