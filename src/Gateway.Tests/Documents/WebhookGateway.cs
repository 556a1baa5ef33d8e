using System.Collections.Concurrent;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Documents;

/// <summary>
/// A gateway of one user for the receivers of docs/backend.md. The Fathom behind it registers and deletes webhooks and has one meeting,
/// unless the test answers otherwise.
/// </summary>
internal sealed class WebhookGateway : IAsyncDisposable
{
    /// <summary>The end of the connection, in place of an answer.</summary>
    public const string NoAnswer = "";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _asked = [];
    private readonly RawServer _server;
    private int _made;

    private WebhookGateway() => _server = RawServer.Start(async exchange =>
    {
        var request = await exchange.ReadRequestAsync();
        _asked.Enqueue($"{request.Head.Method} {request.Head.Target}");
        var answer = await Answer(request).WaitAsync(exchange.ServerEnds) ?? Usual(request.Head);
        if (answer.Length > 0) await exchange.SendAsync(answer);
        if (answer == NoAnswer || answer.Contains("\r\nContent-Length: 1000\r\n", StringComparison.Ordinal)) exchange.Close();
    });

    /// <summary>A problem of the gateway's own: the relay has no token.</summary>
    public static string NotConnected { get; } = Reply(404, """{"error":"not_connected"}""", "application/problem+json");

    public Uri Address => _server.Address;

    /// <summary>Method and target of each request.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Of the webhooks at Fathom, and of the events.</summary>
    public string Secret { get; } = EventReceiver.NewSecret();

    /// <summary>The answer to each request, to the byte; null for the usual one.</summary>
    public Func<WireMessage, Task<string?>> Answer { get; set; } = _ => Task.FromResult<string?>(null);

    public static WebhookGateway Start() => new();

    public static string Reply(int status, string body = "", string type = "application/json") =>
        $"HTTP/1.1 {status} Word\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>A page of meetings that breaks off.</summary>
    public static string BrokenOff() => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"items\":[";

    public static string Page(string title, string cursor = "null") =>
        Reply(200, $$"""{"items":[{"title":"{{title}}"}],"next_cursor":{{cursor}}}""");

    public int Count(string asked) => _asked.Count(one => one == asked);

    /// <summary>Requests of a method, without the user and with what follows the relay.</summary>
    public IEnumerable<string> Relayed(string method) => _asked
        .Where(one => one.StartsWith($"{method} ", StringComparison.Ordinal) && one.Contains("/fathom/", StringComparison.Ordinal))
        .Select(one => one[(one.IndexOf("/fathom/", StringComparison.Ordinal) + "/fathom/".Length)..]);

    /// <summary>Starts a receiver, which answers.</summary>
    public async Task<Receiver> ReceiverAsync(string language, (string Name, string Value)? variable = null)
    {
        var receiver = new Receiver(language) { Variable = variable };
        await receiver.StartAsync(Address, Secret, new Uri("https://app.example.com/fathom-webhook"));
        await Eventually.BecomesTrueAsync(
            async () => await SignedPost.SendAsync(receiver.EventsUrl, "evt_0", "{}", null) == 401, Soon, "the receiver answers");
        return receiver;
    }

    /// <param name="second">Its time, within one minute; also its id.</param>
    public Task<int> EventAsync(Receiver receiver, string type, int second) => SignedPost.SendAsync(
        receiver.EventsUrl,
        $"evt_{second}",
        $$$"""{"type":"connection.{{{type}}}","timestamp":"2026-11-29T09:30:{{{second}}}Z","data":{"user_id":"42"}}""",
        Secret);

    /// <summary>A post of Fathom's webhook for the user.</summary>
    public Task<int> MeetingAsync(Receiver receiver, string title = "A post") => SignedPost.SendAsync(
        new Uri(receiver.Address, "/fathom-webhook?user=42"), $"msg_{title}", $$"""{"title":"{{title}}"}""", Secret);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Usual(WireHead head) => head.Method switch
    {
        "POST" => Reply(201, $$"""{"id":"w{{Interlocked.Increment(ref _made)}}","secret":"{{Secret}}"}"""),
        "GET" when head.Target.StartsWith("/connections?", StringComparison.Ordinal) => Reply(
            200, """{"connections":[{"user_id":"42","connected_at":"2026-11-29T09:30:30Z"}],"next":null}"""),
        "GET" => Page("A meeting"),
        _ => Reply(200, "{}"),
    };
}
