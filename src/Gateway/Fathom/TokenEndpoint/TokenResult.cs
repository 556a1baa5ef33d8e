namespace FathomGateway.Fathom.TokenEndpoint;

/// <summary>What became of a token request, as far as it decides what comes next. A code and a refresh token work once, so it matters most whether the request was sent.</summary>
internal abstract record TokenResult
{
    private TokenResult()
    {
    }

    /// <summary>The result in a word, for counting: an error code of RFC 6749, section 5.2, or what became of the call.</summary>
    public string Word => this switch
    {
        Granted => "granted",
        Refused refused => refused.Error,
        Malformed => "malformed",
        RateLimited => "rate_limited",
        NotSent => "not_sent",
        InDoubt => "in_doubt",
        _ => "unavailable",
    };

    /// <summary>Tokens were issued.</summary>
    internal sealed record Granted(TokenSet Tokens) : TokenResult;

    /// <summary>An error response of RFC 6749, section 5.2. The code is one of the registered ones, or <c>other</c>: provider's text goes nowhere.</summary>
    internal sealed record Refused(string Error, int Status) : TokenResult;

    /// <summary>
    /// A whole answer that the specification does not know: HTML, a redirect, wrong types, no access token, too large. Whether the code or
    /// refresh token is used up is unknown; with a <paramref name="Status"/> of 2xx it most likely is.
    /// </summary>
    /// <param name="Status">0 where not even the head could be read, because it was too large.</param>
    internal sealed record Malformed(string Reason, int Status) : TokenResult;

    /// <summary>Status 429: the app has called too often, and this call was not looked at.</summary>
    /// <param name="RetryAfter">How long the whole app is to make no call; at least <see cref="RetryAfterField.Shortest"/>, at most <see cref="RetryAfterField.Longest"/>.</param>
    internal sealed record RateLimited(TimeSpan RetryAfter) : TokenResult;

    /// <summary>A status of 5xx: the provider answered that it could not serve.</summary>
    internal sealed record Unavailable(string Reason) : TokenResult;

    /// <summary>No byte of the code or refresh token has left this process: no address, no connection, no TLS. It can be sent later.</summary>
    internal sealed record NotSent(string Reason) : TokenResult;

    /// <summary>The request was sent, at least in part, and no whole answer came: reset, closed, cut off, no HTTP, or too late. The provider may have acted on it.</summary>
    internal sealed record InDoubt(string Reason) : TokenResult;
}
