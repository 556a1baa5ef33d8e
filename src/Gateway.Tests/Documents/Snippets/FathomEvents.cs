using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FathomGateway.Tests.Documents.Snippets;

/// <param name="gateway">As <c>FathomTokens.CreateClient</c> makes it: the internal listener, with its key.</param>
/// <param name="webhook">Where Fathom is to post what is new.</param>
public sealed class FathomEvents(HttpClient gateway, string secret, Uri webhook, Func<string, JsonElement, Task> onMeeting)
{
    private readonly ConcurrentDictionary<string, bool> _seen = new();  // for good: a unique column of your database
    private readonly ConcurrentDictionary<string, Webhook> _webhooks = new();  // for good: a table, one row a user

    /// <summary>The status to answer. What takes its time comes after the answer.</summary>
    public int Receive(Func<string, string?> header, byte[] body)
    {
        if (!IsSigned(secret, header, body)) return 401;
        var id = header("webhook-id")!;
        if (!_seen.TryAdd(id, true)) return 204;
        var told = JsonElement.Parse(body);
        var (type, userId) = (told.GetProperty("type").GetString(), told.GetProperty("data").GetProperty("user_id").GetString()!);
        if (type is "connection.connected" or "connection.reconnected") _ = BeginOnceAsync(id, userId);
        if (type is "connection.disconnected") _webhooks.TryRemove(userId, out _);
        return 204;
    }

    /// <summary>The status to answer to a webhook of Fathom's own. A failure of onMeeting is the route's, which answers 500.</summary>
    /// <param name="userId">As it stands in the address that Fathom was given.</param>
    public async Task<int> ReceiveMeetingAsync(string userId, Func<string, string?> header, byte[] body)
    {
        if (!_webhooks.TryGetValue(userId, out var registered)) return 410;
        if (!IsSigned(registered.Secret, header, body)) return 401;
        var id = header("webhook-id")!;
        if (_seen.ContainsKey(id)) return 204;
        await onMeeting(userId, JsonElement.Parse(body));
        _seen.TryAdd(id, true);
        return 204;
    }

    /// <summary>Ends the connection of a user, and leaves no webhook behind.</summary>
    public async Task DisconnectAsync(string userId)
    {
        await RemoveWebhookAsync(userId);
        using var ended = await gateway.DeleteAsync(FathomTokens.Connection(userId));
        if (!await FathomTokens.IsNotConnectedAsync(ended)) ended.EnsureSuccessStatusCode();
    }

    /// <summary>Whether the sender has one of the keys.</summary>
    private static bool IsSigned(string secret, Func<string, string?> header, byte[] body)
    {
        var (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
        if (id is null || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > 300) return false;
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var sent = (header("webhook-signature") ?? "").Split(' ').Select(Encoding.UTF8.GetBytes).ToArray();
        return secret.Split(' ').Select(key => Convert.FromBase64String(key["whsec_".Length..]))
            .Select(key => Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content))))
            .Any(expected => sent.Any(one => CryptographicOperations.FixedTimeEquals(one, expected)));
    }

    private async Task BeginOnceAsync(string eventId, string userId)
    {
        try
        {
            await BeginAsync(userId);
        }
        catch (Exception failure)
        {
            _seen.TryRemove(eventId, out _);  // the same event, delivered again, begins again
            await Console.Error.WriteLineAsync($"{failure}");
        }
    }

    /// <summary>Fathom posts what is new from now on; what is there already is fetched page by page.</summary>
    private async Task BeginAsync(string userId)
    {
        await RemoveWebhookAsync(userId);
        var destination = $"{webhook}?user={Uri.EscapeDataString(userId)}";
        var wanted = new { destination_url = destination, triggered_for = (string[])["my_recordings"], include_summary = true };
        using var made = await AskAsync(() => gateway.PostAsJsonAsync(Relay(userId, "webhooks"), wanted));
        _webhooks[userId] = (await made.Content.ReadFromJsonAsync<Webhook>())!;
        for (var query = ""; query is not null;)
        {
            using var page = await AskAsync(() => gateway.GetAsync(Relay(userId, "meetings" + query)));
            var json = await page.Content.ReadFromJsonAsync<JsonElement>();
            foreach (var meeting in json.GetProperty("items").EnumerateArray()) await onMeeting(userId, meeting);
            query = json.GetProperty("next_cursor").GetString() is { } cursor ? $"?cursor={Uri.EscapeDataString(cursor)}" : null;
        }
    }

    /// <summary>
    /// Another account's token does not find the webhook (404), and a user who must reconnect has no token (403): it stays at Fathom.
    /// </summary>
    private async Task RemoveWebhookAsync(string userId)
    {
        if (!_webhooks.TryGetValue(userId, out var registered)) return;
        using var removed = await AskAsync(
            () => gateway.DeleteAsync(Relay(userId, "webhooks/" + registered.Id)), HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
        _webhooks.TryRemove(userId, out _);
    }

    private static string Relay(string userId, string path) => $"{FathomTokens.Connection(userId)}/fathom/{path}";

    /// <summary>The gateway has waited a few seconds for a limit of Fathom's; what takes longer is waited for here.</summary>
    private static async Task<HttpResponseMessage> AskAsync(Func<Task<HttpResponseMessage>> ask, params HttpStatusCode[] fine)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await ask();
            if (fine.Contains(answer.StatusCode)) return answer;
            if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || attempt == 10)
                return answer.EnsureSuccessStatusCode();
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(5));
            answer.Dispose();
        }
    }

    /// <param name="Secret">Verifies what Fathom posts. It is told this once.</param>
    private sealed record Webhook(string Id, string Secret);
}
