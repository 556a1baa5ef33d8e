using System.Collections.Concurrent;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>What the receivers of docs/backend.md do when a call fails, at a gateway that a script plays.</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverFailureTests
{
    private const int NoAnswer = 0;
    private const string NotConnected = """{"error":"not_connected"}""";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _asked = [];
    private readonly string _secret = EventReceiver.NewSecret();

    /// <summary>The answer to the next registration of a webhook, or the end of its connection; those after it succeed.</summary>
    private int _registration = 200;

    private int _registrations;

    /// <summary>
    /// For a user who has to connect again the relay has no token: it answers 403, and the webhook stays at Fathom. An answer 200 is no
    /// JSON here.
    /// </summary>
    [Theory]
    [InlineData("csharp", 403, 200, "")]
    [InlineData("csharp", 404, 200, "")]
    [InlineData("csharp", 200, 200, "")]
    [InlineData("node", 200, 200, "")]
    [InlineData("python3", 200, 200, "")]
    [InlineData("csharp", 204, 404, NotConnected)]
    [InlineData("node", 204, 404, NotConnected)]
    [InlineData("python3", 204, 404, NotConnected)]
    public async Task A_webhook_that_cannot_be_removed_does_not_prevent_the_disconnect(string language, int removal, int end, string body)
    {
        await using var gateway = Gateway(removal, end, body);
        await using var receiver = await StartedAsync(language, gateway);

        await receiver.DisconnectAsync("42");

        Assert.Equal(["DELETE /connections/42/fathom/webhooks/w1", "DELETE /connections/42"], _asked);
        Assert.Equal(410, await PostAsync(new Uri(receiver.Address, "/fathom-webhook?user=42"), "evt_2"));
    }

    /// <summary>A 404 that says nothing of the user comes from a wrong address, or from a gateway without a key.</summary>
    [Theory]
    [InlineData("csharp", 503)]
    [InlineData("csharp", 404)]
    [InlineData("node", 404)]
    [InlineData("python3", 404)]
    public async Task A_disconnect_that_fails_at_the_gateway_is_no_success_of_the_receiver(string language, int end)
    {
        await using var gateway = Gateway(removal: 204, end);
        await using var receiver = await StartedAsync(language, gateway);

        // Its backend answers 500.
        await Assert.ThrowsAnyAsync<Exception>(() => receiver.DisconnectAsync("42"));
        Assert.Contains("DELETE /connections/42", _asked);
    }

    [Theory]
    [InlineData("csharp")]
    [InlineData("node")]
    [InlineData("python3")]
    public async Task A_receiver_that_could_not_begin_does_so_when_the_event_is_delivered_again(string language)
    {
        _registration = 500;
        await using var gateway = Gateway(removal: 204, end: 200);

        // It posts one event until a meeting has come.
        await using var receiver = await StartedAsync(language, gateway);

        Assert.Equal(["42 A meeting"], receiver.Met);
    }

    /// <summary>An answer without Retry-After: the receiver tries again after five seconds.</summary>
    [Theory]
    [InlineData("csharp")]
    [InlineData("node")]
    [InlineData("python3")]
    public async Task A_registration_that_waits_for_a_limit_holds_up_no_disconnect_and_is_dropped_after_it(string language)
    {
        _registration = 429;
        await using var gateway = Gateway(removal: 204, end: 200);
        await using var receiver = await StartedAsync(language, gateway, () => _registrations == 1);

        await receiver.DisconnectAsync("42");
        Assert.Equal(["DELETE /connections/42"], _asked);

        // The next one is not answered. Its wait ends after that of the first, which then neither registers nor fetches.
        Assert.Equal(204, await PostAsync(receiver.EventsUrl, "evt_2", "disconnected", minute: 31));
        _registration = NoAnswer;
        Assert.Equal(204, await PostAsync(receiver.EventsUrl, "evt_3", minute: 32));
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length > 0, Soon, "the receiver has begun");
        Assert.Equal(3, _registrations);
        Assert.Equal(["42 A meeting"], receiver.Met);
    }

    /// <param name="problem">The body of the answer to the end of the connection.</param>
    private RawServer Gateway(int removal, int end, string problem = "") => RawServer.Start(async exchange =>
    {
        var head = (await exchange.ReadRequestAsync()).Head;
        if (head.Method == "POST") Interlocked.Increment(ref _registrations);
        if (head.Method == "DELETE") _asked.Enqueue($"{head.Method} {head.Target}");
        var (status, body) = (head.Method, head.Target.Contains("/fathom/", StringComparison.Ordinal)) switch
        {
            ("POST", _) => (Interlocked.Exchange(ref _registration, 200), """{"id":"w1","secret":"whsec_c2VjcmV0"}"""),
            ("GET", _) => (200, """{"items":[{"title":"A meeting"}],"next_cursor":null}"""),
            (_, true) => (removal, removal == 200 ? "OK" : ""),
            _ => (end, problem),
        };
        var type = body == NotConnected ? "application/problem+json" : "application/json";
        var length = status == 204 ? "" : $"Content-Length: {body.Length}\r\n";
        if (status == NoAnswer) exchange.Close();
        else await exchange.SendAsync($"HTTP/1.1 {status} Word\r\nContent-Type: {type}\r\n{length}\r\n{body}");
    });

    /// <param name="hasBegun">Null: it has a webhook of the user and the meeting.</param>
    private async Task<Receiver> StartedAsync(string language, RawServer gateway, Func<bool>? hasBegun = null)
    {
        var receiver = new Receiver(language);
        await receiver.StartAsync(gateway.Address, _secret, new Uri("https://app.example.com/fathom-webhook"));
        await Eventually.BecomesTrueAsync(
            async () => await PostAsync(receiver.EventsUrl, "evt_1") == 204 && (hasBegun?.Invoke() ?? receiver.Met.Length == 1),
            Soon,
            "it has taken the event and has begun");
        return receiver;
    }

    private async Task<int> PostAsync(Uri target, string id, string type = "connected", int minute = 30)
    {
        var body = $$$"""{"type":"connection.{{{type}}}","timestamp":"2026-11-29T09:{{{minute}}}:00Z","data":{"user_id":"42"}}""";
        try
        {
            return await SignedPost.SendAsync(target, id, body, _secret);
        }
        catch (HttpRequestException)
        {
            // A process that is not up yet.
            return 0;
        }
    }
}
