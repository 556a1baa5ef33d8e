using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static System.Net.HttpStatusCode;

namespace FathomGateway.Tests.Documents.Snippets;

/// <summary>Ids of a user's webhooks at Fathom, and the secret of the newest. IsOver: the user has disconnected.</summary>
public sealed record UserWebhooks(string[] Ids, string? Secret = null, bool IsOver = false);

/// <summary>The webhooks at Fathom, and calls through the relay. Steps of one user are not to overlap.</summary>
public sealed class FathomWebhooks(HttpClient gateway, Uri webhook)
{
    private const int LongestRemovalSeconds = 10;  // of the webhooks of a user who disconnects, and waits for it

    private readonly ConcurrentDictionary<string, UserWebhooks> _known = new();  // for good: a table

    /// <summary>Null where none has been registered by this process.</summary>
    public UserWebhooks? Of(string userId) => _known.GetValueOrDefault(userId);

    public async Task RegisterAsync(string userId)
    {
        var left = await RemoveAsync(userId);
        _known[userId] = new UserWebhooks(Ids(userId));  // Fathom can post before its answer with the secret has come
        var url = $"{webhook}?user={Uri.EscapeDataString(userId)}";
        var wanted = JsonSerializer.Serialize(
            new { destination_url = url, triggered_for = (string[])["my_recordings"], include_summary = true });
        var made = await AskAsync(userId, HttpMethod.Post, "webhooks", wanted);
        // The secret verifies what Fathom posts, and is told this once.
        _known[userId] = new UserWebhooks([.. left, made.GetProperty("id").GetString()!], made.GetProperty("secret").GetString());
    }

    /// <summary>After connection.disconnected. The user may be connected again by now: then there is a token for this.</summary>
    public async Task ForgetAsync(string userId)
    {
        _known[userId] = new UserWebhooks(Ids(userId), IsOver: true);
        _known[userId] = new UserWebhooks(await RemoveAsync(userId), IsOver: true);
    }

    /// <summary>Ends the connection. A webhook that Fathom does not delete now is deleted by the user's next connection.</summary>
    public async Task DisconnectAsync(string userId)
    {
        var left = Ids(userId);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(LongestRemovalSeconds));
        try { left = await RemoveAsync(userId, limit.Token); }
        catch (UnavailableException failure) { await Console.Error.WriteLineAsync($"{failure}"); }
        using var ended = await gateway.DeleteAsync(FathomTokens.Connection(userId));
        if (!await FathomTokens.IsNotConnectedAsync(ended)) ended.EnsureSuccessStatusCode();
        _known[userId] = new UserWebhooks(left, IsOver: true);
    }

    public async Task<JsonElement> AskAsync(string userId, HttpMethod method, string path, string? json = null)
    {
        using var answer = await SendAsync(userId, method, path, json);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The gateway has waited a few seconds for a limit of Fathom's. What takes longer is waited for between two turns.</summary>
    public static async Task RetriedAsync(Func<Task> step, int tries = 10)
    {
        try { await step(); }
        catch (UnavailableException failure) when (tries > 1)
        {
            await Task.Delay(failure.Wait);
            await RetriedAsync(step, tries - 1);
        }
    }

    private string[] Ids(string userId) => _known.GetValueOrDefault(userId)?.Ids ?? [];

    /// <summary>Deletes the user's webhooks at Fathom. Returns the ids of those that may still be there.</summary>
    private async Task<string[]> RemoveAsync(string userId, CancellationToken cancellation = default)
    {
        var left = new List<string>();
        foreach (var id in Ids(userId))
        {
            var path = $"webhooks/{Uri.EscapeDataString(id)}";
            using var answer = await SendAsync(userId, HttpMethod.Delete, path, json: null, cancellation);
            // Fathom's own 404: the webhook is gone, or another account's. The gateway's says that there is no token to ask with.
            var isGone = answer.StatusCode == NotFound && answer.Content.Headers.ContentType?.MediaType != "application/problem+json";
            if (!answer.IsSuccessStatusCode && !isGone) left.Add(id);
        }

        return [.. left];
    }

    /// <summary>Unavailable where the call can be tried again: not after a POST that Fathom has refused.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        string userId, HttpMethod method, string path, string? json, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(method, FathomTokens.RelayAddress(gateway, userId, path));
        // JsonContent has no length, and without one the gateway does not send a body again after a refused token.
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        HttpResponseMessage answer;
        try { answer = await gateway.SendAsync(request, cancellation); }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            throw new UnavailableException(TimeSpan.FromSeconds(5), failure);
        }

        var fails = answer.StatusCode is TooManyRequests or ServiceUnavailable
            || (json is null && answer.StatusCode is InternalServerError or BadGateway or GatewayTimeout);
        if (!fails) return answer;
        using (answer) throw new UnavailableException(FathomTokens.Wait(answer));
    }
}
