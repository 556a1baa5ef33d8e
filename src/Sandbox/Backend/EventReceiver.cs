using System.Text.Json;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox.Backend;

/// <summary>The backend's route for events (<c>EVENTS_URL</c>): verifies the signature, ignores duplicates and records each try.</summary>
/// <param name="former">The secret that the backend knows at first.</param>
/// <param name="next">The secret that it is changed to. The gateway signs with both, as while a secret is being changed.</param>
/// <param name="own">Takes the events in place of this route; null where the sandbox was given none.</param>
internal sealed class EventReceiver(string former, string next, Watch watch, TimeProvider clock, OwnReceiver? own = null)
{
    private const int MaxTries = 500; // Tries that are remembered; the page shows those of the latest events.

    // Long enough to be seen, and within the ten seconds that the gateway waits for an answer.
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(4);

    private readonly Lock _lock = new();
    private readonly List<EventTry> _tries = [];
    private readonly HashSet<string> _taken = [];
    private readonly string _wrong = WebhookSignature.NewSecret();

    /// <summary>How it handles events.</summary>
    public ReceiverMode Mode { get; set; }

    /// <summary>Whether the backend verifies with the next secret.</summary>
    public bool SecretIsChanged { get; private set; }

    /// <summary>The tries so far, the oldest first.</summary>
    public IReadOnlyList<EventTry> Tries
    {
        get
        {
            lock (_lock)
                return [.. _tries];
        }
    }

    /// <summary>Whether a receiver of the person at the sandbox takes the events.</summary>
    public bool IsOwn => own is not null;

    /// <summary>Switches the backend between the two secrets that the gateway signs with.</summary>
    public void ChangeSecret() => SecretIsChanged = !SecretIsChanged;

    /// <summary><c>POST /fathom-events</c>.</summary>
    public async Task<IResult> ReceiveAsync(HttpContext context)
    {
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        var (headers, body) = (context.Request.Headers, memory.ToArray());
        var (id, type) = (headers[WebhookSignature.Id].ToString(), Type(body));
        var begun = Begin(id);
        // Report the change of the row before the event about it.
        await watch.RefreshAsync();
        watch.Hops.Add("gateway", "backend", $"event {type}");

        if (Mode == ReceiverMode.Slow && !await WaitedAsync(context.RequestAborted))
        {
            End(begun, StatusCodes.Status408RequestTimeout, "broken off by the gateway");
            return Results.Empty;
        }

        var (status, what) = own is not null && Mode is not (ReceiverMode.Down or ReceiverMode.WrongSecret)
            ? await own.PostAsync(context, body)
            : Answer(id, headers, body);
        End(begun, status, what);
        watch.Hops.Add("backend", "gateway", $"event {what}: {status}", status < 300 ? "good" : "bad");
        return Results.StatusCode(status);
    }

    private static async Task<bool> WaitedAsync(CancellationToken aborted)
    {
        await Task.Delay(SlowAnswer, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !aborted.IsCancellationRequested;
    }

    private (int Status, string What) Answer(string id, IHeaderDictionary headers, byte[] body)
    {
        if (Mode == ReceiverMode.Down) return (StatusCodes.Status503ServiceUnavailable, "not taken, the receiver is down");
        var secret = Mode == ReceiverMode.WrongSecret ? _wrong : SecretIsChanged ? next : former;
        if (!WebhookSignature.Verifies(secret, headers, clock.GetUtcNow(), body))
            return (StatusCodes.Status401Unauthorized, "refused, its signature is by another secret");
        lock (_lock)
            return (StatusCodes.Status204NoContent, _taken.Add(id) ? "taken" : "left out, it had come before");
    }

    private static string Type(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body).GetProperty("type").GetString() ?? "";
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "without a type"; // An unsigned body may hold anything.
        }
    }

    private EventTry Begin(string id)
    {
        var begun = new EventTry(id, clock.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_lock)
        {
            _tries.Add(begun);
            if (_tries.Count > MaxTries) _tries.RemoveAt(0);
        }
        return begun;
    }

    private void End(EventTry begun, int status, string what)
    {
        lock (_lock)
        {
            var at = _tries.IndexOf(begun);
            if (at >= 0) _tries[at] = begun with { Status = status, What = what };
        }
    }
}

/// <summary>One delivery of an event, as the receiver saw it.</summary>
/// <param name="EventId">The field <c>webhook-id</c>: the same for every try of one event.</param>
/// <param name="At">When it came, in milliseconds since 1970.</param>
/// <param name="Status">The answer's status; null while it is being tried.</param>
/// <param name="What">The answer in words.</param>
internal sealed record EventTry(string EventId, long At, int? Status = null, string? What = null);
