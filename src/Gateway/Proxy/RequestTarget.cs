namespace FathomGateway.Proxy;

/// <summary>The request target (RFC 9112, section 3.2) as the client wrote it.</summary>
internal static class RequestTarget
{
    /// <summary>Asterisk form: an OPTIONS request for the server as a whole (RFC 9112, section 3.2.4).</summary>
    public const string Asterisk = "*";

    /// <summary>
    /// The target to forward. An OPTIONS request in absolute form without path and query is for the server as a whole, as one in asterisk
    /// form is (RFC 9112, section 3.2.4).
    /// </summary>
    /// <returns>Asterisk or origin form; null for targets that cannot be forwarded.</returns>
    public static string? Forwarded(string method, string rawTarget)
    {
        if (method != HttpMethods.Options) return OriginForm(rawTarget);
        if (rawTarget == Asterisk) return rawTarget;
        var origin = OriginForm(rawTarget);
        // The slash of an absolute form without a path is not the client's.
        return origin == "/" && !rawTarget.EndsWith('/') ? Asterisk : origin;
    }

    /// <summary>
    /// The target in origin form, to append to the backend's address. The authority of an absolute-form target is dropped.
    /// </summary>
    /// <returns>Null for targets that cannot be forwarded: asterisk form, authority form, and any character outside visible ASCII. The last
    /// check is a security boundary. Such bytes can arrive over HTTP/2, and .NET's HTTP client would write a wrong number of bytes for them
    /// and so send data of another user's earlier request from its buffer.</returns>
    public static string? OriginForm(string rawTarget)
    {
        if (rawTarget.AsSpan().ContainsAnyExceptInRange('!', '~')) return null;
        if (rawTarget.StartsWith('/')) return rawTarget;

        var authority = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0) return null;
        var rest = rawTarget.AsSpan(authority + "://".Length);
        var end = rest.IndexOfAny('/', '?');
        if (end < 0) return "/";
        return rest[end] == '/' ? rest[end..].ToString() : $"/{rest[end..]}";
    }
}
