using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FathomGateway.Settings;

namespace FathomGateway.Tests.Documents.Snippets;

/// <param name="gateway">Its base address is the internal listener, its Authorization the internal API key.</param>
/// <param name="webhook">Where Fathom is to post what is new.</param>
public sealed class FathomEvents(HttpClient gateway, string secret, Uri webhook, Action<string, JsonElement> onMeeting)
{
    private readonly byte[][] _keys = [.. secret.Split(' ').Select(key => Convert.FromBase64String(key["whsec_".Length..]))];
    private readonly ConcurrentDictionary<string, bool> _seen = new();  // for good: a unique column of your database

    /// <summary>The status to answer. What takes its time comes after the answer.</summary>
    public int Receive(Func<string, string?> header, byte[] body)
    {
        if (header("webhook-id") is not { } id || !IsSigned(id, header("webhook-timestamp"), header("webhook-signature"), body)) return 401;
        if (!_seen.TryAdd(id, true)) return 204;
        var told = JsonElement.Parse(body);
        if (told.GetProperty("type").GetString() is "connection.connected" or "connection.reconnected")
            _ = BeginAsync(told.GetProperty("data").GetProperty("user_id").GetString()!);
        return 204;
    }

    private bool IsSigned(string id, string? timestamp, string? signatures, byte[] body)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > 300) return false;
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var sent = (signatures ?? "").Split(' ').Select(Encoding.UTF8.GetBytes).ToArray();
        return _keys.Select(key => Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content))))
            .Any(expected => sent.Any(one => CryptographicOperations.FixedTimeEquals(one, expected)));
    }

    /// <summary>Fathom posts what is new from now on; what is there already is fetched page by page.</summary>
    private async Task BeginAsync(string userId)
    {
        var relay = $"connections/{Uri.EscapeDataString(userId)}/fathom";
        var wanted = new { destination_url = webhook, include_summary = true };
        using var registered = await AskAsync(() => gateway.PostAsJsonAsync($"{relay}/webhooks", wanted));
        for (var query = ""; query is not null;)
        {
            using var page = await AskAsync(() => gateway.GetAsync($"{relay}/meetings{query}"));
            var json = await page.Content.ReadFromJsonAsync<JsonElement>();
            foreach (var meeting in json.GetProperty("items").EnumerateArray()) onMeeting(userId, meeting);
            query = json.GetProperty("next_cursor").GetString() is { } cursor ? $"?cursor={Uri.EscapeDataString(cursor)}" : null;
        }
    }

    /// <summary>The gateway has waited a few seconds for a limit of Fathom's; what takes longer is waited for here.</summary>
    private static async Task<HttpResponseMessage> AskAsync(Func<Task<HttpResponseMessage>> ask)
    {
        while (true)
        {
            var answer = await ask();
            if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                return answer.EnsureSuccessStatusCode();
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(5));
            answer.Dispose();
        }
    }
}
