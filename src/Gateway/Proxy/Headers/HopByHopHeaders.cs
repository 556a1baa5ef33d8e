namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Fields that concern two neighbours only (RFC 9110, section 7.6.1) and are not passed on. Fields that <c>Connection</c> names are passed on
/// all the same: otherwise a client could take <c>Cookie</c> or <c>X-Forwarded-For</c> out of a request.
/// </summary>
internal static class HopByHopHeaders
{
    /// <summary>Whether a request's field is written anew or left out: the framing of the body and <c>Host</c> are written by whoever forwards.</summary>
    /// <param name="isHttp2">Over HTTP/2 <c>TE</c> holds nothing but <c>trailers</c> (RFC 9113, section 8.2.2), which holds for the next hop, too.</param>
    public static bool IsOfRequest(string name, bool isHttp2) => name.Length switch
    {
        2 => !isHttp2 && Is(name, "TE"),
        4 => Is(name, "Host"),
        7 => Is(name, "Upgrade"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "Content-Length") || Is(name, "HTTP2-Settings"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        _ => name[0] == ':',
    };

    /// <summary>
    /// Whether a response's field is left out, or written by the server from what it knows of the body. <c>Alt-Svc</c> would lead a browser past the gateway.
    /// </summary>
    /// <param name="status">Of 426 and 101 <c>Upgrade</c> is the point (RFC 9110, section 15.5.22).</param>
    public static bool IsOfResponse(string name, int status) => name.Length switch
    {
        7 => Is(name, "Alt-Svc") || (Is(name, "Upgrade") && status is not (StatusCodes.Status426UpgradeRequired or StatusCodes.Status101SwitchingProtocols)),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "Content-Length"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        _ => false,
    };

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
