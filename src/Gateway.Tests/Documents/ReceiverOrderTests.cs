using System.Collections.Concurrent;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>
/// What the receivers of docs/backend.md do with events of one user that come late or while they work, at a gateway that a script plays.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverOrderTests
{
    private const string Page = """{"items":[{"title":"A meeting"}],"next_cursor":null}""";

    public static readonly TheoryData<string> Languages = ["node", "python3", "csharp"];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly string _secret = EventReceiver.NewSecret();

    /// <summary>The ids of the webhooks that are at Fathom, from when the request has come.</summary>
    private readonly ConcurrentDictionary<string, bool> _registered = [];

    private readonly ConcurrentQueue<string> _deleted = [];

    /// <summary>Until it is set, the first registration of a webhook is not answered.</summary>
    private readonly TaskCompletionSource _firstIsAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the relay has a token of the user.</summary>
    private volatile bool _isConnected = true;

    private int _made;

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task An_event_that_is_redelivered_late_does_not_undo_a_newer_one(string language)
    {
        _firstIsAnswered.SetResult();
        await using var gateway = Gateway();
        await using var receiver = await StartedAsync(language, gateway);
        await BeginsAsync(receiver, 6, "connected", "00.123", times: 1);

        // Its time would be the later one as text. A receiver that acts on it registers a webhook more.
        await PostAsync(receiver, 5, "connected", "00.12");
        await BeginsAsync(receiver, 7, "reconnected", "01", times: 2);
        Assert.Equal(["w2"], _registered.Keys);

        // After a disconnect, which leaves the webhook at Fathom, an older connection does not begin. A newer one deletes the webhook.
        _isConnected = false;
        await PostAsync(receiver, 9, "disconnected", "03");
        var webhook = new Uri(receiver.Address, "/fathom-webhook?user=42");
        await Eventually.BecomesTrueAsync(() => _deleted.Last().EndsWith('2'), Soon, "the receiver tries to delete the second webhook");
        await Eventually.BecomesTrueAsync(
            async () => await SignedPost.SendAsync(webhook, "msg_1", "{}", null) == 410, Soon, "the receiver knows of the disconnect");
        _isConnected = true;
        await PostAsync(receiver, 8, "connected", "02");
        await BeginsAsync(receiver, 10, "connected", "04", times: 3);
        Assert.Equal(["w3"], _registered.Keys);
    }

    /// <param name="between">After a receiver was down, events come when the user is connected again: the relay has a token.</param>
    [Theory]
    [InlineData("node", "disconnected")]
    [InlineData("node", "recovered")]
    [InlineData("python3", "disconnected")]
    [InlineData("python3", "recovered")]
    [InlineData("csharp", "disconnected")]
    [InlineData("csharp", "recovered")]
    public async Task Two_connections_of_one_user_in_quick_succession_leave_one_webhook(string language, string between)
    {
        await using var gateway = Gateway();
        await using var receiver = await StartedAsync(language, gateway);
        await RegistersFirstAsync(receiver);

        await PostAsync(receiver, 2, between, "02");
        await PostAsync(receiver, 3, "connected", "03");
        _firstIsAnswered.SetResult();

        await Eventually.BecomesTrueAsync(() => _registered.Keys.SequenceEqual(["w2"]), Soon, "the second webhook has replaced the first");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_disconnect_while_the_receiver_registers_a_webhook_leaves_none(string language)
    {
        await using var gateway = Gateway();
        await using var receiver = await StartedAsync(language, gateway);
        await RegistersFirstAsync(receiver);

        var disconnect = receiver.DisconnectAsync("42");
        // The receiver answers a later request, so it has begun with the earlier one.
        Assert.Equal(401, await SignedPost.SendAsync(receiver.EventsUrl, "evt_0", "{}", null));
        _firstIsAnswered.SetResult();
        await disconnect;

        Assert.Empty(_registered);
        Assert.Equal(["/connections/42/fathom/webhooks/w1", "/connections/42"], _deleted);
    }

    private RawServer Gateway() => RawServer.Start(async exchange =>
    {
        var (head, body, isConnected) = ((await exchange.ReadRequestAsync()).Head, Page, _isConnected);
        if (head.Method == "POST")
        {
            var id = $"w{Interlocked.Increment(ref _made)}";
            _registered[id] = true;
            if (id == "w1") await _firstIsAnswered.Task.WaitAsync(exchange.ServerEnds);
            body = $$"""{"id":"{{id}}","secret":"{{_secret}}"}""";
        }

        if (head.Method == "DELETE") _deleted.Enqueue(head.Target);
        if (head.Method == "DELETE" && isConnected) _registered.TryRemove(head.Target.Split('/')[^1], out _);
        if (!isConnected) body = """{"error":"not_connected"}""";
        var (status, type) = isConnected ? (200, "application/json") : (404, "application/problem+json");
        await exchange.SendAsync($"HTTP/1.1 {status} Word\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    });

    private async Task<Receiver> StartedAsync(string language, RawServer gateway)
    {
        var receiver = new Receiver(language);
        await receiver.StartAsync(gateway.Address, _secret, new Uri("https://app.example.com/fathom-webhook"));
        await Eventually.BecomesTrueAsync(
            async () => await SignedPost.SendAsync(receiver.EventsUrl, "evt_0", "{}", null) == 401, Soon, "the receiver answers");
        return receiver;
    }

    /// <summary>The receiver has answered the first connection, and waits for Fathom to answer the registration.</summary>
    private async Task RegistersFirstAsync(Receiver receiver)
    {
        await PostAsync(receiver, 1, "connected", "01");
        await Eventually.BecomesTrueAsync(() => _registered.ContainsKey("w1"), Soon, "the receiver registers a webhook");
    }

    /// <summary>Each time that the receiver begins, it fetches the one meeting.</summary>
    private async Task BeginsAsync(Receiver receiver, int number, string type, string seconds, int times)
    {
        await PostAsync(receiver, number, type, seconds);
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == times, Soon, $"the receiver has begun {times} times");
    }

    /// <param name="seconds">The time of the event, within one minute.</param>
    private async Task PostAsync(Receiver receiver, int number, string type, string seconds)
    {
        var body = $$$"""
            {"type":"connection.{{{type}}}","timestamp":"2026-11-29T09:30:{{{seconds}}}Z","data":{"user_id":"42"}}
            """;
        Assert.Equal(204, await SignedPost.SendAsync(receiver.EventsUrl, $"evt_{number}", body, _secret));
    }
}
