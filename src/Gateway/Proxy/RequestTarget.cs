namespace FathomGateway.Proxy;

/// <summary>The request target (RFC 9112, section 3.2), exactly as the client wrote it.</summary>
internal static class RequestTarget
{
    /// <summary>Asterisk form: OPTIONS asks about the server as a whole (RFC 9112, section 3.2.4).</summary>
    public const string Asterisk = "*";

    /// <summary>The target in origin form, to be appended to the backend's address; of an absolute-form target the authority is dropped, never used.</summary>
    /// <returns>
    /// Null for what cannot be sent on: asterisk and authority form, and any character outside visible ASCII. The last is a guard, not a nicety:
    /// over HTTP/2 such bytes arrive here, and .NET's HTTP client would write the wrong number of bytes for them, sending on what a former
    /// request of another user left in its buffer.
    /// </returns>
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
