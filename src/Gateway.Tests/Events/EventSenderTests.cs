using System.Net;
using FathomGateway.Events;
using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>One attempt, whatever the receiver answers.</summary>
public sealed class EventSenderTests
{
    private const string Interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", Continue = "HTTP/1.1 100 Continue\r\n\r\n";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Each with the result that the event gets; null where it is delivered.</summary>
    private static readonly Dictionary<string, (Func<RawExchange, Task> Script, string? Result)> Answers = new()
    {
        ["103 before 204"] = (RawResponse.Verbatim(Interim + EventReceiver.Ok), null),
        ["100 before 204"] = (RawResponse.Verbatim(Continue + EventReceiver.Ok), null),
        ["HTTP/1.0"] = (RawResponse.Verbatim("HTTP/1.0 200 OK\r\n\r\n"), null),
        ["a chunked body"] = (RawResponse.Verbatim("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), null),
        ["a body that never comes"] = (RawResponse.Verbatim("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"), null),
        ["a body without end"] = (RawResponse.Endless, null),
        ["a body that is cut off"] = (RawResponse.Truncated("body"), null),
        ["a refusal whose body never comes"] = (RawResponse.Verbatim("HTTP/1.1 500 Word\r\nContent-Length: 1\r\n\r\n"), "status 500"),
        ["another protocol"] = (
            RawResponse.Verbatim("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: made-up\r\n\r\n"), "status 101"),
        ["a head of more than 16 kB"] = (
            RawResponse.Verbatim($"HTTP/1.1 204 No Content\r\nX-Long: {new string('x', 17_000)}\r\n\r\n"), "broken off"),
        ["no HTTP"] = (RawResponse.Verbatim("no HTTP\r\n\r\n"), "broken off"),
        ["the end of the connection"] = (RawResponse.CloseBeforeHeaders, "broken off"),
        ["a reset"] = (RawResponse.ResetBeforeHeaders, "broken off"),
    };

    /// <summary>Answers whose heads never end.</summary>
    private static readonly Dictionary<string, Func<RawExchange, Task>> Unfinished = new()
    {
        ["not a byte"] = RawResponse.Silence,
        ["100 alone"] = RawResponse.Verbatim(Continue),
        ["half of a status line"] = RawResponse.Verbatim("HTTP/1."),
        ["a head that trickles"] = exchange => TrickleAsync(exchange, "HTTP/1.1 204 No Content\r\n", "X: a\r\n"),
        ["one 103 after the other"] = exchange => TrickleAsync(exchange, "", Interim),
    };

    public static TheoryData<string> NamesOfAnswers => [.. Answers.Keys];

    public static TheoryData<string> NamesOfUnfinished => [.. Unfinished.Keys];

    internal static StoredEvent Event { get; } = new(
        1, "0a1b2c3d", "ann", "connection.connected", 1, null, null, DateTimeOffset.UnixEpoch, null, 0, null, null, null, null,
        DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_receiver_that_never_answers_the_TCP_handshake_is_no_answer_in_time()
    {
        var at = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        using var silent = await SilentPort.OpenAsync(at);

        Assert.Equal(new EventAnswer("no answer in time", null), await SendAsync($"http://{at}/"));
    }

    [Fact]
    public async Task The_result_of_an_event_says_why_its_receiver_was_not_reached()
    {
        Assert.Equal(new EventAnswer("its name is not known", null), await SendAsync("http://receiver.invalid/"));
        Assert.Equal(new EventAnswer("no connection", null), await SendAsync($"http://127.0.0.1:{FreePort.Next()}/"));
    }

    /// <summary>By the clock of the test, the limit of the attempt does not end any of them.</summary>
    [Theory]
    [MemberData(nameof(NamesOfAnswers))]
    public async Task The_head_of_an_answer_or_its_fault_is_the_result_of_an_event(string answer)
    {
        var (script, result) = Answers[answer];
        await using var receiver = RawServer.Start(script);
        using var sender = Sender(receiver.Address, new FakeTimeProvider());

        Assert.Equal(new EventAnswer(result, null), await sender.SendAsync(Event, Cancel).WaitAsync(Soon));
        Assert.Equal(1, receiver.Requests);
    }

    [Theory]
    [MemberData(nameof(NamesOfUnfinished))]
    public async Task The_attempt_for_an_event_ends_after_ten_seconds_whatever_part_of_the_head_has_arrived(string answer)
    {
        var clock = new FakeTimeProvider();
        await using var receiver = RawServer.Start(Unfinished[answer]);
        using var sender = Sender(receiver.Address, clock);
        var sending = sender.SendAsync(Event, Cancel);
        await Eventually.BecomesTrueAsync(() => receiver.Requests == 1, Soon, "the event has arrived");

        clock.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new EventAnswer("no answer in time", null), await sending.WaitAsync(Soon));
    }

    private static EventSender Sender(Uri url, TimeProvider clock) => new(new EventsOptions(url, [new byte[24]]), clock);

    private static async Task<EventAnswer> SendAsync(string url)
    {
        using var sender = Sender(new Uri(url), TimeProvider.System);
        return await sender.SendAsync(Event, Cancel);
    }

    /// <summary>Slowly enough to stay within 16 kB for the time of the test.</summary>
    private static async Task TrickleAsync(RawExchange exchange, string begin, string piece)
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync(begin);
        while (true)
        {
            await exchange.SendAsync(piece);
            await Task.Delay(TimeSpan.FromMilliseconds(100), exchange.ServerEnds);
        }
    }
}
