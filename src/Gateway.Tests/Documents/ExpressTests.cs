using System.Text;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The receiver of docs/backend.md in Express, by the documented start of a backend in CommonJS.</summary>
[Trait("Speed", "Slow")]
public sealed class ExpressTests
{
    /// <summary>With a blank that a JSON parser does not keep: the signature is of the bytes as they came.</summary>
    private const string Connected = """{"type": "connection.connected","timestamp":"2026-11-29T09:30:00Z","data":{"user_id":"42"}}""";

    private const string Meeting = """{"title": "made up"}""";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly string _secret = EventReceiver.NewSecret();
    private int _registrations;

    [Theory]
    [InlineData("express4")]
    [InlineData("express5")]
    public async Task The_documented_receiver_takes_what_is_signed_before_the_JSON_parser_of_Express(string express)
    {
        await using var gateway = Gateway();
        await using var receiver = new Receiver(express);
        await receiver.StartAsync(gateway.Address, _secret, new Uri("https://app.example.com/fathom-webhook"));
        await Eventually.BecomesTrueAsync(
            async () => await SignedPost.SendAsync(receiver.EventsUrl, "evt_1", Connected, null) == 401, Soon, "Express listens");

        // 1. Events: forged, old, right, and once more.
        Assert.Equal(401, await SignedPost.SendAsync(receiver.EventsUrl, "evt_1", Connected, EventReceiver.NewSecret()));
        Assert.Equal(401, await SignedPost.SendAsync(receiver.EventsUrl, "evt_1", Connected, _secret, TimeSpan.FromSeconds(400)));
        Assert.Equal(401, await SignedPost.SendAsync(receiver.EventsUrl, "evt_1", Connected, _secret, type: "text/plain"));
        Assert.Equal(204, await SignedPost.SendAsync(receiver.EventsUrl, "evt_1", Connected, _secret));
        await HasMetAsync(receiver, "42 A meeting");
        Assert.Equal(204, await SignedPost.SendAsync(receiver.EventsUrl, "evt_1", Connected, _secret));

        // 2. Webhooks of Fathom. The first one cannot be stored.
        var webhook = new Uri(receiver.Address, "/fathom-webhook?user=42");
        Assert.Equal(503, await SignedPost.SendAsync(new Uri(receiver.Address, "/fathom-webhook?user=7"), "msg_1", Meeting, _secret));
        Assert.Equal(401, await SignedPost.SendAsync(webhook, "msg_1", Meeting, EventReceiver.NewSecret()));
        Assert.Equal(500, await SignedPost.SendAsync(webhook, "msg_1", Meeting, _secret));
        Assert.Equal(204, await SignedPost.SendAsync(webhook, "msg_1", Meeting, _secret));
        Assert.Equal(204, await SignedPost.SendAsync(webhook, "msg_1", Meeting, _secret));
        await HasMetAsync(receiver, "42 A meeting", "42 made up");
        Assert.Equal(1, _registrations);

        // 3. Another user's webhook has ids of its own.
        var other = Connected.Replace("42", "7", StringComparison.Ordinal);
        Assert.Equal(204, await SignedPost.SendAsync(receiver.EventsUrl, "evt_2", other, _secret));
        await HasMetAsync(receiver, "42 A meeting", "42 made up", "7 A meeting");
        Assert.Equal(204, await SignedPost.SendAsync(new Uri(receiver.Address, "/fathom-webhook?user=7"), "msg_1", Meeting, _secret));
        await HasMetAsync(receiver, "42 A meeting", "42 made up", "7 A meeting", "7 made up");

        // 4. The backend's own routes, behind the JSON parser.
        using var client = new HttpClient();
        using var json = new StringContent("""{"a":1}""", Encoding.UTF8, "application/json");
        using var echo = await client.PostAsync(new Uri(receiver.Address, "/api/echo"), json);
        Assert.Equal("""{"a":1}""", await echo.Content.ReadAsStringAsync());
    }

    private static Task HasMetAsync(Receiver receiver, params string[] meetings) =>
        Eventually.BecomesTrueAsync(() => receiver.Met.SequenceEqual(meetings), Soon, $"it has stored {string.Join(", ", meetings)}");

    /// <summary>Each webhook has the secret of the events.</summary>
    private RawServer Gateway() => RawServer.Start(async exchange =>
    {
        var isRegistration = (await exchange.ReadRequestAsync()).Head.Method == "POST";
        if (isRegistration) Interlocked.Increment(ref _registrations);
        var body = isRegistration
            ? $$"""{"id":"w1","secret":"{{_secret}}"}"""
            : """{"items":[{"title":"A meeting"}],"next_cursor":null}""";
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    });
}
