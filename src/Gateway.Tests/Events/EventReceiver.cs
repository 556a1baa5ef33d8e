using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>A backend that takes events, verifies each signature on its own, and answers what the test says.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 204 No Content\r\n\r\n";

    private readonly RecordingBackend _server = RecordingBackend.Start();
    private readonly ConcurrentQueue<ReceivedEvent> _received = [];

    private EventReceiver() => _server.Answers(async (request, exchange) =>
    {
        var told = ReceivedEvent.Of(request);
        _received.Enqueue(told);
        await exchange.SendAsync(await Answer(told));
    });

    /// <summary>The answer to each, to the byte; may wait for something before it.</summary>
    public Func<ReceivedEvent, Task<string>> Answer { get; set; } = _ => Task.FromResult(Ok);

    public string Secret { get; set; } = NewSecret();

    public string Url => $"{_server.Address}hook?from=gateway";

    public (string Name, string? Value)[] Settings => [("EVENTS_URL", Url), ("EVENTS_SECRET", Secret)];

    /// <summary>Every try, in order of arrival.</summary>
    public IReadOnlyList<ReceivedEvent> Received => [.. _received];

    public int Count => _received.Count;

    public int Connections => _server.Connections;

    public static EventReceiver Start() => new();

    public static string NewSecret(int bytes = 32) => $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes))}";

    public static string Status(int status, string more = "") => $"HTTP/1.1 {status} Word\r\n{more}Content-Length: 0\r\n\r\n";

    public void Answers(string response) => Answer = _ => Task.FromResult(response);

    public IEnumerable<ReceivedEvent> Of(string user) => Received.Where(one => one.UserId == user);

    /// <summary>Waits until the user's tries are of these types, in this order.</summary>
    public Task HasAsync(string user, params string[] types) => Eventually.BecomesTrueAsync(
        () => Of(user).Select(one => one.Type).SequenceEqual(types), TimeSpan.FromSeconds(60), $"{user}: {string.Join(", ", types)}");

    public Task CameAgainAsync(string id) => Eventually.BecomesTrueAsync(
        () => Received.Count(one => one.Id == id) == 2, TimeSpan.FromSeconds(60), $"{id} came again");

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>One try, as it arrived.</summary>
internal sealed record ReceivedEvent(WireMessage Request, string Type, string UserId, long Version, string? Scope, string? Reason)
{
    public string Id => Request.Header("webhook-id")!;

    public string Signatures => Request.Header("webhook-signature")!;

    public static ReceivedEvent Of(WireMessage request)
    {
        var json = JsonElement.Parse(request.BodyText);
        var data = json.GetProperty("data");
        return new ReceivedEvent(
            request,
            json.GetProperty("type").GetString()!,
            data.GetProperty("user_id").GetString()!,
            data.GetProperty("version").GetInt64(),
            data.GetProperty("scope").GetString(),
            data.GetProperty("reason").GetString());
    }

    /// <summary>As Standard Webhooks has it, written down a second time.</summary>
    public void IsSignedWith(string secret)
    {
        var content = Encoding.UTF8.GetBytes($"{Id}.{Request.Header("webhook-timestamp")}.{Request.BodyText}");
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), content));
        Assert.Contains($"v1,{expected}", Signatures.Split(' '));
        var seconds = long.Parse(Request.Header("webhook-timestamp")!, CultureInfo.InvariantCulture);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds, -300, 300);
    }
}
