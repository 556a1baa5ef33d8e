using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FathomGateway.Fathom;

/// <summary>Speaks to the token endpoint (RFC 6749, section 3.2). A code and a refresh token work once, so every request is sent once: nothing here retries.</summary>
internal sealed class TokenEndpointClient(HttpClient http, FathomOptions options)
{
    /// <summary>Most bytes of an answer; real ones are under 4 kB.</summary>
    public const int LargestAnswer = 64 * 1024;

    /// <summary>How long one call may take in all; a user is looking at a blank page meanwhile.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Exchanges an authorization code for tokens (section 4.1.3).</summary>
    /// <returns>Never throws for what the network or the provider does: every such thing is a result.</returns>
    public Task<TokenResult> ExchangeAsync(string code, string? codeVerifier, CancellationToken cancel)
    {
        List<KeyValuePair<string, string>> form =
        [
            new(OAuth.GrantType, OAuth.AuthorizationCodeGrant),
            new(OAuth.Code, code),
            new(OAuth.RedirectUri, options.RedirectUri),
        ];
        if (codeVerifier is not null) form.Add(new(OAuth.CodeVerifier, codeVerifier));
        return SendAsync(form, cancel);
    }

    private async Task<TokenResult> SendAsync(List<KeyValuePair<string, string>> form, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.TokenUrl);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        Authenticate(request, form);
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
            return Classify((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new TokenResult.Malformed("larger than any token response", (int)(failure.StatusCode ?? 0));
        }
        catch (HttpRequestException failure)
        {
            return new TokenResult.Unavailable(failure.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new TokenResult.Unavailable("no answer in time");
        }
    }

    private static TokenResult Classify(int status, byte[] body) => status switch
    {
        StatusCodes.Status429TooManyRequests or >= 500 => new TokenResult.Unavailable($"status {status}"),
        // Following a redirect would send the client's secret and the code to an address that nobody configured.
        >= 300 and < 400 => new TokenResult.Malformed("a redirect", status),
        _ => TokenResponse.Read(status, body),
    };

    private void Authenticate(HttpRequestMessage request, List<KeyValuePair<string, string>> form)
    {
        if (options.ClientAuthentication == ClientAuthentication.Post)
        {
            form.Add(new(OAuth.ClientId, options.ClientId));
            form.Add(new(OAuth.ClientSecret, options.ClientSecret));
            return;
        }

        // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
        var pair = $"{WebUtility.UrlEncode(options.ClientId)}:{WebUtility.UrlEncode(options.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }
}
