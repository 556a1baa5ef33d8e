using System.Net.Http.Headers;
using System.Text;
using FathomGateway.Events;

namespace FathomGateway.Tests.Documents;

/// <summary>A post to a receiver of docs/backend.md: an event, or a webhook of Fathom.</summary>
internal static class SignedPost
{
    /// <param name="secret">Null for a post without a signature.</param>
    /// <param name="age">How long ago it was signed.</param>
    /// <returns>The status of the answer.</returns>
    public static async Task<int> SendAsync(
        Uri target, string id, string body, string? secret, TimeSpan age = default, string type = "application/json")
    {
        var (content, timestamp) = (Encoding.UTF8.GetBytes(body), (DateTimeOffset.UtcNow - age).ToUnixTimeSeconds());
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", $"{timestamp}");
        if (secret is not null)
        {
            var key = Convert.FromBase64String(secret["whsec_".Length..]);
            request.Headers.Add("webhook-signature", EventSignature.Sign([key], id, timestamp, content));
        }

        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
