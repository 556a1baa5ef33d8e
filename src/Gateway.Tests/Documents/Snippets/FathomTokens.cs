using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FathomGateway.Tests.Documents.Snippets;

public sealed class NotConnectedException : Exception;

public sealed class ReconnectRequiredException : Exception;

/// <summary>The gateway or Fathom cannot be asked right now.</summary>
public sealed class UnavailableException(TimeSpan wait, Exception? why = null) : Exception($"Try again in {wait.TotalSeconds} s.", why)
{
    public TimeSpan Wait { get; } = wait;
}

public sealed record FathomToken(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("version")] long Version);

public sealed class FathomTokens(HttpClient gateway)
{
    private const int LongestWaitSeconds = 3600;  // of work in the background
    private const int LongestPauseSeconds = 5;  // within a request of a user
    private const int TimeoutSeconds = 120;  // the relay itself gives up after 100 s without a byte of Fathom

    /// <summary>A redirect is an answer here and is not followed: it could carry the key to another host.</summary>
    public static HttpClient CreateClient(Uri gateway, string? apiKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(apiKey);
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = gateway,
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", apiKey) },
        };
    }

    /// <summary>The address of a user's connection. Refuses an id that is missing, and the two that Uri resolves.</summary>
    public static string Connection(string userId) => userId is null or "" or "." or ".."
        ? throw new ArgumentException("The user id is missing. Pass the one of the JWT that your backend has verified.", nameof(userId))
        : $"connections/{Uri.EscapeDataString(userId)}";

    /// <summary>An address of the relay. Uri resolves "..": "../../43/access-token" would be another user's token.</summary>
    public static Uri RelayAddress(HttpClient gateway, string userId, string path)
    {
        var api = new Uri(gateway.BaseAddress!, $"{Connection(userId)}/fathom/").AbsoluteUri;
        var address = new Uri(api + path);
        if (!address.AbsoluteUri.StartsWith(api, StringComparison.Ordinal))
            throw new ArgumentException("The path leaves Fathom's API. Percent-encode what you put into it.", nameof(path));
        return address;
    }

    /// <summary>Whether a 404 is about the user. Any other one means a wrong address, or a gateway without INTERNAL_API_KEY.</summary>
    public static async Task<bool> IsNotConnectedAsync(HttpResponseMessage answer, CancellationToken cancellation = default)
    {
        if (answer.StatusCode != HttpStatusCode.NotFound) return false;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return false;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return problem.TryGetProperty("error", out var error) && error.GetString() == "not_connected";
    }

    /// <summary>How long to wait before the next try. Retry-After is a number of seconds or a date. Anything else is 5 seconds.</summary>
    public static TimeSpan Wait(HttpResponseMessage answer)
    {
        var field = answer.Headers.RetryAfter;
        var wait = field?.Delta ?? (field?.Date - DateTimeOffset.UtcNow) ?? TimeSpan.FromSeconds(5);
        return TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 1, LongestWaitSeconds));
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
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<FathomToken>(cancellation))!;
            var wait = Wait(answer);
            if (attempt == 3 || wait.TotalSeconds > LongestPauseSeconds) throw new UnavailableException(wait);
            await Task.Delay(wait, cancellation);
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
        gateway.GetAsync(RelayAddress(gateway, userId, path), cancellation);
}
