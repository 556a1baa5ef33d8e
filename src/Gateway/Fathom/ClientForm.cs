using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FathomGateway.Settings;
using FathomGateway.Telemetry;

namespace FathomGateway.Fathom;

/// <summary>Posts forms to the provider as the client (RFC 6749, section 2.3.1). It neither retries nor follows redirects.</summary>
internal sealed class ClientForm(HttpClient http, FathomOptions options, ProviderClock theirs, TimeProvider clock)
{
    /// <summary>Largest answer in bytes. Answers of providers have less than 4 kB.</summary>
    public const int MaxResponseBytes = 64 * 1024;

    /// <summary>Time limit of one call. During the call a user sees a blank page, or a lease of 30 s runs.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The last part of <see cref="Timeout"/>, with its own timer. When a suspended process continues, the first timer has expired. The
    /// process then still has this time to read an answer that is in its socket, because the answer may hold the only tokens that work.
    /// </summary>
    private static readonly TimeSpan FinalReadTime = TimeSpan.FromMilliseconds(500);

    /// <param name="endpoint">The token or the revocation endpoint.</param>
    /// <param name="fields">The fields without those of the client authentication, which are added.</param>
    /// <returns>A failure of the network or of the provider is a result, too, and no exception.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled. It is unknown whether the form was sent.</exception>
    public async Task<FormResult> SendAsync(Uri endpoint, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancel)
    {
        using var span = GatewaySpans.Provider(HttpMethods.Post, endpoint);
        var result = await PostAsync(endpoint, fields, cancel);
        GatewaySpans.End(span, result switch
        {
            FormResult.Answered { Status: < StatusCodes.Status400BadRequest } => "ok",
            FormResult.Answered answer => $"status {answer.Status}",
            _ => result.GetType().Name,
        });
        return result;
    }

    private async Task<FormResult> PostAsync(Uri endpoint, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(ProductInfo.UserAgent);
        var form = Authenticated(request, fields);
        request.Content = form;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var timer = new Timer(
            _ => limit.CancelAfter(FinalReadTime), null, Timeout - FinalReadTime, System.Threading.Timeout.InfiniteTimeSpan);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            theirs.Compare(response.Headers.Date);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            var now = clock.GetUtcNow();
            var wait = ProviderRetryAfter.Read(response.Headers, now);
            return new FormResult.Answered((int)response.StatusCode, body, wait, response.Headers.Date, now, response.Headers.Location);
        }
        catch (HttpRequestException failure) when (form.WasSent && failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new FormResult.TooLarge((int)(failure.StatusCode ?? 0));
        }
        catch (HttpRequestException failure)
        {
            return Unanswered(form, failure.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Unanswered(form, "no answer in time");
        }
    }

    /// <summary>
    /// Distinguishes the two by the form. A connection that was never made and a connection that broke throw the same exception.
    /// </summary>
    private static FormResult Unanswered(SendOnceForm form, string reason) =>
        form.WasSent ? new FormResult.InDoubt(reason) : new FormResult.NotSent(reason);

    private SendOnceForm Authenticated(HttpRequestMessage request, IEnumerable<KeyValuePair<string, string>> fields)
    {
        if (options.ClientAuthentication == ClientAuthentication.Post)
        {
            return new SendOnceForm(
                [.. fields, new(OAuth.ClientId, options.ClientId), new(OAuth.ClientSecret, options.ClientSecret)]);
        }

        // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
        var pair = $"{WebUtility.UrlEncode(options.ClientId)}:{WebUtility.UrlEncode(options.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        return new SendOnceForm(fields);
    }
}
