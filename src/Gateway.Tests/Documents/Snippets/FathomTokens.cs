using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FathomGateway.Tests.Documents.Snippets;

public sealed class NotConnectedException : Exception;

public sealed class ReconnectRequiredException : Exception;

public sealed record FathomToken(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("version")] long Version);

public sealed class FathomTokens(HttpClient gateway)
{
    /// <summary>A redirect is an answer here and is not followed: it could carry the key to another host.</summary>
    public static HttpClient CreateClient(Uri gateway, string apiKey) => new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = gateway,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", apiKey) },
    };

    /// <summary>The address of a user's connection. Refuses an id that is missing.</summary>
    public static string Connection(string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return $"connections/{Uri.EscapeDataString(userId)}";
    }

    /// <summary>Whether a 404 is about the user. Any other one means a wrong address, or a gateway without INTERNAL_API_KEY.</summary>
    public static async Task<bool> IsNotConnectedAsync(HttpResponseMessage answer, CancellationToken cancellation = default)
    {
        if (answer.StatusCode != HttpStatusCode.NotFound) return false;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return false;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return problem.TryGetProperty("error", out var error) && error.GetString() == "not_connected";
    }

    /// <summary>A fresh token. rejectedVersion: the version of a token that Fathom has refused.</summary>
    public async Task<FathomToken> GetAsync(string userId, long? rejectedVersion = null, CancellationToken cancellation = default)
    {
        var query = rejectedVersion is null ? "" : $"?rejected_version={rejectedVersion}";
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await gateway.GetAsync($"{Connection(userId)}/access-token{query}", cancellation);
            if (await IsNotConnectedAsync(answer, cancellation)) throw new NotConnectedException();
            if (answer.StatusCode == HttpStatusCode.Conflict) throw new ReconnectRequiredException();
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == 3)
                return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<FathomToken>(cancellation))!;
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(5), cancellation);
        }
    }

    /// <summary>Calls Fathom with the user's token; a token that is refused is replaced once.</summary>
    public async Task<HttpResponseMessage> WithTokenAsync(
        HttpClient fathom, string userId, Uri url, CancellationToken cancellation = default)
    {
        var token = await GetAsync(userId, null, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
            var answer = await fathom.SendAsync(request, cancellation);
            if (answer.StatusCode != HttpStatusCode.Unauthorized || attempt == 2) return answer;
            answer.Dispose();
            token = await GetAsync(userId, token.Version, cancellation);
        }
    }

    /// <summary>Fathom's answer through the relay: path and query as Fathom's API has them.</summary>
    public Task<HttpResponseMessage> RelayAsync(string userId, string path, CancellationToken cancellation = default) =>
        gateway.GetAsync($"{Connection(userId)}/fathom/{path}", cancellation);
}
