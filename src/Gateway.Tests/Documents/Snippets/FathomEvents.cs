using System.Collections.Concurrent;
using System.Text.Json;

namespace FathomGateway.Tests.Documents.Snippets;

/// <param name="gateway">As <c>FathomTokens.CreateClient</c> makes it: the internal listener, with its key.</param>
/// <param name="secret">EVENTS_SECRET.</param>
/// <param name="webhook">Where Fathom is to post what is new.</param>
public sealed class FathomEvents(HttpClient gateway, string? secret, Uri webhook, Func<string, JsonElement, Task> onMeeting)
{
    private readonly byte[][] _keys = StandardWebhooks.Keys(secret, minBytes: 24) is { Length: > 0 } keys
        ? keys
        : throw new ArgumentException(
            "EVENTS_SECRET has to be whsec_ and the base64 of 24 bytes or more, or two of these with a space between them.");

    private readonly FathomWebhooks _webhooks = new(gateway, webhook);
    private readonly ConcurrentDictionary<string, bool> _seen = new();  // for good: a unique column of your database
    private readonly Dictionary<string, DateTimeOffset> _newest = [];  // for good: a column of your users; used under the lock of _works
    private readonly ConcurrentDictionary<string, int> _works = new();  // for good: a column beside it: newer work ends older work
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();  // for several processes: a lock of the database

    /// <summary>The status to answer. What takes its time comes after the answer.</summary>
    public int Receive(Func<string, string?> header, byte[] body)
    {
        if (!StandardWebhooks.IsSigned(_keys, header, body)) return 401;
        var (id, told) = (header("webhook-id")!, JsonElement.Parse(body));
        if (_seen.TryAdd(id, true)) _ = ActAsync(id, told);
        return 204;
    }

    /// <summary>The status to answer to a webhook of Fathom's own. userId: as it stands in the address that Fathom was given.</summary>
    public async Task<int> ReceiveMeetingAsync(string? userId, Func<string, string?> header, byte[] body)
    {
        var known = _webhooks.Of(userId ?? "");
        if (known is { IsOver: true }) return 410;  // Fathom may remove the webhook
        if (known?.Secret is null) return 503;  // it is being registered, or this process does not know it: Fathom may post again
        if (!StandardWebhooks.IsSigned(StandardWebhooks.Keys(known.Secret), header, body)) return 401;
        var id = $"{userId} {header("webhook-id")}";  // each webhook has ids of its own
        if (!_seen.ContainsKey(id)) await onMeeting(userId!, JsonElement.Parse(body));  // its failure is the route's, which answers 500
        _seen.TryAdd(id, true);
        return 204;
    }

    /// <summary>Ends the connection. A webhook that Fathom does not delete now is deleted by the user's next connection.</summary>
    public Task DisconnectAsync(string userId)
    {
        BeginWork(userId);  // no meeting comes any more
        return InTurnAsync(userId, () => _webhooks.DisconnectAsync(userId));
    }

    /// <summary>For a user who is connected already. connectedAt: as GET /connections has it.</summary>
    public Task BeginAsync(string userId, DateTimeOffset connectedAt) =>
        StartAsync(userId, BeginWork(userId, connectedAt) ?? BeginWork(userId));

    /// <summary>Fathom posts what is new from now on; what is there already is fetched page by page.</summary>
    private async Task StartAsync(string userId, int? work)
    {
        await FathomWebhooks.RetriedAsync(() => InTurnAsync(userId, () => _webhooks.RegisterAsync(userId), work));
        await FetchMeetingsAsync(userId, work);
    }

    /// <summary>A redelivered event can be older than one that came before it. Then it changes nothing.</summary>
    private async Task ActAsync(string eventId, JsonElement told)
    {
        try
        {
            var type = told.GetProperty("type").GetString();
            var begins = type is "connection.connected" or "connection.reconnected";
            if (!begins && type is not "connection.disconnected") return;
            var userId = told.GetProperty("data").GetProperty("user_id").GetString()!;
            if (BeginWork(userId, told.GetProperty("timestamp").GetDateTimeOffset()) is not { } work) return;
            if (begins) await StartAsync(userId, work);
            else await FathomWebhooks.RetriedAsync(() => InTurnAsync(userId, () => _webhooks.ForgetAsync(userId), work));
        }
        catch (Exception failure)
        {
            _seen.TryRemove(eventId, out _);  // the same event, delivered again, begins again
            await Console.Error.WriteLineAsync($"{failure}");
        }
    }

    /// <summary>The number of new work of a user, which ends older work where that looks at it. Null for an event that is late.</summary>
    private int? BeginWork(string userId, DateTimeOffset? at = null)
    {
        lock (_works)
        {
            if (at < _newest.GetValueOrDefault(userId)) return null;
            if (at is { } time) _newest[userId] = time;
            return _works[userId] = _works.GetValueOrDefault(userId) + 1;
        }
    }

    /// <summary>Steps of one user are done one after the other. A step of work that has ended is left out.</summary>
    private async Task InTurnAsync(string userId, Func<Task> step, int? work = null)
    {
        var turn = _turns.GetOrAdd(userId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync();
        try { await (work is null || work == _works[userId] ? step() : Task.CompletedTask); }
        finally { turn.Release(); }
    }

    private async Task FetchMeetingsAsync(string userId, int? work)
    {
        for (var query = ""; query is not null && work == _works[userId];)
        {
            JsonElement page = default;
            await FathomWebhooks.RetriedAsync(async () => page = await _webhooks.AskAsync(userId, HttpMethod.Get, "meetings" + query));
            foreach (var meeting in page.GetProperty("items").EnumerateArray())
                await InTurnAsync(userId, () => onMeeting(userId, meeting), work);
            var cursor = page.GetProperty("next_cursor").GetString();
            query = cursor is { Length: > 0 } ? $"?cursor={Uri.EscapeDataString(cursor)}" : null;
        }
    }
}
