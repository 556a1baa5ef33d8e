using System.Diagnostics;
using FathomGateway.Telemetry;

namespace FathomGateway.Fathom.TokenEndpoint;

/// <summary>Calls the token endpoint (RFC 6749, section 3.2). Codes and refresh tokens work once: every request is sent once.</summary>
internal sealed class TokenEndpointClient(ClientForm form, FathomOptions options, GatewayMetrics metrics)
{
    /// <summary>Exchanges an authorization code for tokens (section 4.1.3).</summary>
    /// <returns>A failure of the network or of the provider is a result, too, and no exception.</returns>
    public Task<TokenResult> ExchangeAsync(string code, string? codeVerifier, CancellationToken cancel) =>
        SendAsync(OAuth.AuthorizationCodeGrant, ExchangeForm(code, codeVerifier), cancel);

    /// <summary>
    /// Exchanges a refresh token for new tokens (section 6). No scope is asked for: the new token then has the scope of the old one.
    /// Where <see cref="TokenSet.RefreshToken"/> is null in the answer, the old refresh token stays valid.
    /// </summary>
    /// <param name="cancel">After the cancellation of a request that was sent, it is unknown whether the refresh token is spent.</param>
    /// <returns>A failure of the network or of the provider is a result, too, and no exception.</returns>
    public Task<TokenResult> RefreshAsync(string refreshToken, CancellationToken cancel) =>
        SendAsync(OAuth.RefreshTokenGrant, [new(OAuth.GrantType, OAuth.RefreshTokenGrant), new(OAuth.RefreshToken, refreshToken)], cancel);

    /// <summary>
    /// Sends a code that no provider has issued, in the request of a real one: see <see cref="Doctor.TokenEndpointDiagnosis"/>.
    /// </summary>
    public Task<FormResult> TryAsync(string madeUpCode, CancellationToken cancel) =>
        form.SendAsync(options.TokenUrl, ExchangeForm(madeUpCode, options.CreateCodeVerifier()), cancel);

    private List<KeyValuePair<string, string>> ExchangeForm(string code, string? codeVerifier)
    {
        List<KeyValuePair<string, string>> fields =
        [
            new(OAuth.GrantType, OAuth.AuthorizationCodeGrant),
            new(OAuth.Code, code),
            new(OAuth.RedirectUri, options.RedirectUri),
        ];
        if (codeVerifier is not null) fields.Add(new(OAuth.CodeVerifier, codeVerifier));
        return fields;
    }

    private async Task<TokenResult> SendAsync(string grantType, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        TokenResult result = await form.SendAsync(options.TokenUrl, fields, cancel) switch
        {
            FormResult.Answered answer => Classify(answer),
            FormResult.TooLarge large => new TokenResult.Malformed("larger than any token response", large.Status),
            FormResult.NotSent unsent => new TokenResult.NotSent(unsent.Reason),
            FormResult.InDoubt lost => new TokenResult.InDoubt(lost.Reason),
            _ => throw new InvalidOperationException("An unknown result of a form."),
        };
        metrics.TokenRequest(Stopwatch.GetElapsedTime(begun), grantType, result.MetricLabel);
        return result;
    }

    private static TokenResult Classify(FormResult.Answered answer) => answer.Status switch
    {
        StatusCodes.Status429TooManyRequests => new TokenResult.RateLimited(answer.RetryAfter),
        >= 500 => new TokenResult.Unavailable($"status {answer.Status}"),
        // Following a redirect would send the client's secret and the code to an address that is not configured.
        >= 300 and < 400 => new TokenResult.Malformed("a redirect", answer.Status),
        _ => TokenResponse.Read(answer.Status, answer.Body, answer.Date ?? answer.Now),
    };
}
