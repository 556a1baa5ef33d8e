namespace FathomGateway.Fathom;

/// <summary>What the token endpoint answered, as far as the answer decides what comes next.</summary>
internal abstract record TokenResult
{
    private TokenResult()
    {
    }

    /// <summary>Tokens were issued.</summary>
    internal sealed record Granted(TokenSet Tokens) : TokenResult;

    /// <summary>An error response of RFC 6749, section 5.2. The code is one of the registered ones, or <c>other</c>: provider's text goes nowhere.</summary>
    internal sealed record Refused(string Error, int Status) : TokenResult;

    /// <summary>An answer that the specification does not know: HTML, a redirect, wrong types, no access token, too large.</summary>
    internal sealed record Malformed(string Reason, int Status) : TokenResult;

    /// <summary>No usable answer for now: a status of 429 or 5xx, no connection, or no answer in time.</summary>
    internal sealed record Unavailable(string Reason) : TokenResult;
}
