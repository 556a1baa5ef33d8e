namespace FathomGateway.Fathom.TokenEndpoint;

/// <summary>
/// The result of a token request. A code and a refresh token work once, so the results differ in whether the provider may have received
/// the request.
/// </summary>
internal abstract record TokenResult
{
    private TokenResult()
    {
    }

    /// <summary>The value of the metric's label: an error code of RFC 6749, section 5.2, or the kind of result.</summary>
    public string MetricLabel => this switch
    {
        Granted => "granted",
        Refused refused => refused.Error,
        Malformed => "malformed",
        RateLimited => "rate_limited",
        NotSent => "not_sent",
        InDoubt => "in_doubt",
        _ => "unavailable",
    };

    /// <summary>Why no tokens were issued, for the log. It holds nothing that the provider wrote.</summary>
    public string Description => this switch
    {
        Refused refused => $"{refused.Error} (status {refused.Status})",
        Malformed malformed => $"{malformed.Reason} (status {malformed.Status})",
        RateLimited => "status 429",
        NotSent unsent => unsent.Reason,
        InDoubt lost => lost.Reason,
        Unavailable unavailable => unavailable.Reason,
        _ => MetricLabel,
    };

    /// <summary>
    /// Whether it is unknown if the refresh token is spent: no complete answer, or a success whose tokens cannot be read.
    /// </summary>
    public bool IsInDoubt => this is InDoubt or Malformed { Status: 0 or (>= 200 and < 300) };

    /// <summary>Tokens were issued.</summary>
    internal sealed record Granted(TokenSet Tokens) : TokenResult;

    /// <summary>An error response of RFC 6749, section 5.2.</summary>
    /// <param name="Error">A registered code, or <c>other</c>. Other text of the provider is not used.</param>
    internal sealed record Refused(string Error, int Status) : TokenResult;

    /// <summary>
    /// A complete answer that is no token response of the specification: HTML, a redirect, wrong types, no access token, too large. The
    /// code or refresh token may be spent. With a <paramref name="Status"/> of 2xx it most likely is.
    /// </summary>
    /// <param name="Status">0 where the header fields were too large to be read.</param>
    internal sealed record Malformed(string Reason, int Status) : TokenResult;

    /// <summary>Status 429: the app has called too often, and the provider has not processed this call.</summary>
    /// <param name="RetryAfter">
    /// How long the whole app makes no call; from <see cref="ProviderRetryAfter.Min"/> to <see cref="ProviderRetryAfter.Max"/>.
    /// </param>
    internal sealed record RateLimited(TimeSpan RetryAfter) : TokenResult;

    /// <summary>Status 5xx: the provider could not serve.</summary>
    internal sealed record Unavailable(string Reason) : TokenResult;

    /// <summary>No byte of the form has left this process: no address, no connection, no TLS. It can be sent later.</summary>
    internal sealed record NotSent(string Reason) : TokenResult;

    /// <summary>The request was sent, at least in part, and no whole answer came. The provider may have processed it.</summary>
    internal sealed record InDoubt(string Reason) : TokenResult;
}

/// <summary>A successful token response, RFC 6749, section 5.1.</summary>
/// <param name="AccessToken">Visible ASCII (appendix A.12), so that a header field can carry it.</param>
/// <param name="RefreshToken">Null where the provider sent none.</param>
/// <param name="Scope">Null where the provider sent none. Then it is the requested scope.</param>
/// <param name="Lifetime">How long the access token lives from the moment of the response.</param>
internal sealed record TokenSet(string AccessToken, string? RefreshToken, string? Scope, TimeSpan Lifetime)
{
    /// <summary>The generated text of a record would print the tokens.</summary>
    public override string ToString() => nameof(TokenSet);
}
