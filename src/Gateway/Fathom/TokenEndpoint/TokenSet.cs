namespace FathomGateway.Fathom.TokenEndpoint;

/// <summary>A successful token response, RFC 6749, section 5.1.</summary>
/// <param name="AccessToken">Visible ASCII, as RFC 6749, appendix A.12 has it, so that it can be sent in a header.</param>
/// <param name="RefreshToken">Null where the provider sent none.</param>
/// <param name="Scope">Null where the provider did not say; then it is the scope that was asked for.</param>
/// <param name="Lifetime">How long the access token lives from the moment of the response.</param>
internal sealed record TokenSet(string AccessToken, string? RefreshToken, string? Scope, TimeSpan Lifetime)
{
    /// <summary>A record's own text would print the tokens.</summary>
    public override string ToString() => nameof(TokenSet);
}
