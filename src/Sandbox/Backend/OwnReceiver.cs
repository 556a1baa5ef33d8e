using System.Net.Http.Headers;
using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Backend;

/// <summary>
/// A receiver of events that the person at the sandbox has written (<c>--events-url</c>). It gets each event as the gateway has sent it.
/// </summary>
/// <param name="url">An absolute http or https address.</param>
internal sealed class OwnReceiver(Uri url) : IAsyncDisposable
{
    private readonly HttpClient _http = LoopbackClient.Create();

    /// <summary>Posts the event, body and signature unchanged, and passes <c>Retry-After</c> on.</summary>
    /// <returns>The answer's status, or 502 where there was none, and what to show.</returns>
    public async Task<(int Status, string What)> PostAsync(HttpContext context, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var name in new[] { WebhookSignature.Id, WebhookSignature.Timestamp, WebhookSignature.Signature })
            request.Headers.Add(name, context.Request.Headers[name].ToString());
        try
        {
            // The gateway does not read the body of an answer either.
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            if (answer.Headers.RetryAfter is { } pause) context.Response.Headers.RetryAfter = pause.ToString();
            return ((int)answer.StatusCode, "answered by your receiver");
        }
        catch (HttpRequestException failure)
        {
            return (StatusCodes.Status502BadGateway, $"not taken by your receiver ({failure.HttpRequestError})");
        }
        catch (OperationCanceledException)
        {
            return (StatusCodes.Status408RequestTimeout, "broken off by the gateway, your receiver did not answer in time");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return default;
    }
}
