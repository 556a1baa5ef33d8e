using System.Globalization;
using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>How long the code of docs/backend.md waits between two calls (RFC 9110, section 10.2.3).</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverWaitTests
{
    private const string Connected = """{"type":"connection.connected","timestamp":"2026-11-29T09:30:00Z","data":{"user_id":"42"}}""";

    public static readonly TheoryData<string> Languages = ["node", "python3", "csharp"];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the wait without a date.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(7);

    private static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    /// <summary>Values of Retry-After, and the seconds that the code waits.</summary>
    private static readonly (string Value, string Seconds)[] Waits =
    [
        ("7", "7"),
        ("0", "1"),
        ("86400", "3600"),
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "3600"),
        ("Sun, 99 Nov 1994 08:49:37 GMT", "5"),
        ("1.5", "5"),
        ("-1", "5"),
        ("soon", "5"),
    ];

    private readonly string _secret = EventReceiver.NewSecret();
    private DateTimeOffset _limitEnds;
    private int _registrations;

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_wait_lasts_a_second_to_an_hour_whatever_Retry_After_says(string language)
    {
        foreach (var (value, seconds) in Waits)
        {
            Assert.Equal($"{value}: {seconds}", $"{value}: {await Snippet.RunAsync(language, Nowhere, "wait", value, Nowhere)}");
        }
    }

    /// <summary>Fathom's limit ends a second or two before the date.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_receiver_that_is_given_a_date_by_Retry_After_tries_once_more_and_after_it(string language)
    {
        await using var gateway = Gateway();
        await using var receiver = new Receiver(language);
        await receiver.StartAsync(gateway.Address, _secret, new Uri("https://app.example.com/fathom-webhook"));
        await Eventually.BecomesTrueAsync(
            async () => await SignedPost.SendAsync(receiver.EventsUrl, "evt_1", Connected, _secret) == 204, Soon, "it has the event");

        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "it has begun");
        Assert.Equal(2, _registrations);
    }

    private RawServer Gateway() => RawServer.Start(async exchange =>
    {
        var isRegistration = (await exchange.ReadRequestAsync()).Head.Method == "POST";
        if (isRegistration && Interlocked.Increment(ref _registrations) == 1) _limitEnds = DateTimeOffset.UtcNow + Limit;
        if (isRegistration && DateTimeOffset.UtcNow < _limitEnds)
        {
            // Without the fraction of a second.
            var date = (_limitEnds + TimeSpan.FromSeconds(2)).ToString("R", CultureInfo.InvariantCulture);
            await exchange.SendAsync($"HTTP/1.1 429 Word\r\nRetry-After: {date}\r\nContent-Length: 0\r\n\r\n");
            return;
        }

        var body = isRegistration
            ? $$"""{"id":"w1","secret":"{{_secret}}"}"""
            : """{"items":[{"title":"A meeting"}],"next_cursor":null}""";
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    });
}
