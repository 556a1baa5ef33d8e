using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The receivers of docs/backend.md and their secrets: that of the events, and those of Fathom's webhooks.</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverSecretTests
{
    /// <summary>Anyone can sign with it.</summary>
    private const string EmptyKey = "whsec_";

    /// <summary>Six bytes, which are too few for events.</summary>
    private const string ShortKey = "whsec_c2VjcmV0";

    /// <summary>24 bytes.</summary>
    private const string Key = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

    private const string Refusal = "EVENTS_SECRET has to be whsec_ and the base64 of 24 bytes or more";

    private static readonly string[] Languages = ["node", "python3", "csharp"];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly Uri Nowhere = new("http://127.0.0.1:9/"), Webhook = new("https://app.example.com/fathom-webhook");

    /// <summary>What Fathom answers to the registration of each user's webhook.</summary>
    private static readonly Dictionary<string, string> SecretsOfFathom =
        new() { ["short"] = ShortKey, ["empty"] = EmptyKey, ["broken"] = "whsec_%" };

    public static TheoryData<string> EachLanguage => [.. Languages];

    public static MatrixTheoryData<string, string> Refused => new(
        Languages,
        [" ", EmptyKey, ShortKey, Key[EmptyKey.Length..], Key[..^1], $"{EmptyKey}%{Key[EmptyKey.Length..^1]}", $"{Key} {EmptyKey}"]);

    [Theory]
    [MemberData(nameof(EachLanguage))]
    public async Task Blanks_around_the_keys_of_EVENTS_SECRET_make_no_empty_key(string language)
    {
        var older = EventReceiver.NewSecret();
        await using var receiver = await StartedAsync(language, Nowhere, $" {Key}  {older} ");

        Assert.Equal(401, await PostAsync(receiver, "evt_1", EmptyKey, type: "recovered"));
        Assert.Equal(204, await PostAsync(receiver, "evt_1", Key, type: "recovered"));
        Assert.Equal(204, await PostAsync(receiver, "evt_2", older, type: "recovered"));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task An_EVENTS_SECRET_with_an_entry_that_is_no_key_stops_the_start_and_is_not_shown(string language, string secret)
    {
        await using var receiver = new Receiver(language);

        var said = await SaidAtStartAsync(receiver, secret);

        Assert.All(
            secret.Split(' ').Where(entry => entry.Length > EmptyKey.Length),
            entry => Assert.DoesNotContain(entry, said, StringComparison.Ordinal));
    }

    /// <summary>Fathom chooses how long its secrets are.</summary>
    [Theory]
    [MemberData(nameof(EachLanguage))]
    public async Task A_webhook_of_Fathom_with_a_secret_without_a_key_takes_no_post(string language)
    {
        await using var gateway = Gateway();
        await using var receiver = await StartedAsync(language, gateway.Address, Key);
        foreach (var user in SecretsOfFathom.Keys) Assert.Equal(204, await PostAsync(receiver, $"evt_{user}", Key, user));
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == SecretsOfFathom.Count, Soon, "each user has a webhook");

        Assert.Equal(204, await PostMeetingAsync(receiver, "short", ShortKey));
        Assert.Equal(401, await PostMeetingAsync(receiver, "short", EmptyKey));
        Assert.Equal(401, await PostMeetingAsync(receiver, "empty", EmptyKey));
        Assert.Equal(401, await PostMeetingAsync(receiver, "broken", EmptyKey));
    }

    /// <summary>A failure would be an answer 500 and lines in the log, for whoever asks.</summary>
    [Theory]
    [MemberData(nameof(EachLanguage))]
    public async Task A_timestamp_that_is_too_long_for_a_number_is_no_failure_of_the_receiver(string language)
    {
        await using var receiver = await StartedAsync(language, Nowhere, Key);

        var answer = await RawClient.ExchangeAsync(
            receiver.EventsUrl,
            "POST /fathom-events HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nwebhook-id: evt_1\r\n"
            + $"webhook-timestamp: {new string('9', 500)}\r\n\r\n");

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_by_the_documented_server_in_Python_before_it_is_read()
    {
        await using var receiver = await StartedAsync("python3", Nowhere, Key);

        var answer = await RawClient.ExchangeAsync(
            receiver.EventsUrl, "POST /fathom-webhook?user=42 HTTP/1.1\r\nHost: h\r\nContent-Length: 10000001\r\n\r\n");

        Assert.Equal(413, answer.Status);
    }

    private static RawServer Gateway() => RawServer.Start(async exchange =>
    {
        var head = (await exchange.ReadRequestAsync()).Head;
        var body = head.Method == "POST"
            ? $$"""{"id":"w1","secret":"{{SecretsOfFathom[head.Target.Split('/')[2]]}}"}"""
            : """{"items":[{"title":"A meeting"}],"next_cursor":null}""";
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    });

    private static async Task<Receiver> StartedAsync(string language, Uri gateway, string secret)
    {
        var receiver = new Receiver(language);
        await receiver.StartAsync(gateway, secret, Webhook);
        await Eventually.BecomesTrueAsync(
            async () => await SignedPost.SendAsync(receiver.EventsUrl, "evt_0", "{}", null) == 401, Soon, "the receiver answers");
        return receiver;
    }

    /// <returns>The message with the refusal.</returns>
    private static async Task<string> SaidAtStartAsync(Receiver receiver, string secret)
    {
        try
        {
            await receiver.StartAsync(Nowhere, secret, Webhook);
        }
        catch (ArgumentException refusal)
        {
            Assert.Contains(Refusal, refusal.Message, StringComparison.Ordinal);
            return refusal.Message;
        }

        await Eventually.BecomesTrueAsync(
            () => receiver.Errors.Contains($"Error: {Refusal}", StringComparison.Ordinal), Soon, "it names the variable");
        return receiver.Errors;
    }

    private static Task<int> PostAsync(Receiver receiver, string id, string secret, string user = "42", string type = "connected") =>
        SignedPost.SendAsync(
            receiver.EventsUrl,
            id,
            $$$"""{"type":"connection.{{{type}}}","timestamp":"2026-11-29T09:30:00Z","data":{"user_id":"{{{user}}}"}}""",
            secret);

    private static Task<int> PostMeetingAsync(Receiver receiver, string user, string secret) =>
        SignedPost.SendAsync(new Uri(receiver.Address, $"/fathom-webhook?user={user}"), "msg_1", """{"title":"Another meeting"}""", secret);
}
