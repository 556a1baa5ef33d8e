using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>What the backend has sent is passed on at once: the head without a body, an event without the next.</summary>
public sealed class ResponseStreamingTests : IAsyncLifetime
{
    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Theory]
    [InlineData("Content-Length: 4", "body")]
    [InlineData("Transfer-Encoding: chunked", "4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("Content-Type: text/event-stream", "body")]
    public async Task A_response_head_does_not_wait_for_its_body_F21(string framing, string body)
    {
        var headSeen = new TaskCompletionSource();
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n");
            await headSeen.Task;
            await exchange.SendAsync(body);
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(200, (await client.ReadHeadAsync()).Status);
        headSeen.SetResult();
        Assert.Contains("body", Encoding.Latin1.GetString(await client.ReadSomeAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 4", "body")]
    [InlineData("Transfer-Encoding: chunked", "4\r\nbody\r\n0\r\n\r\n")]
    public async Task A_response_head_and_body_that_come_together_are_sent_together(string framing, string body)
    {
        _pair.Backend.Answers($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{body}");
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Contains("body", Encoding.Latin1.GetString(await client.ReadSomeAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_sent_events_arrive_one_by_one_F21()
    {
        using var seen = new SemaphoreSlim(1);
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var number = 0; number < 20; number++)
            {
                await seen.WaitAsync();
                var text = $"data: {number}\n\n";
                await exchange.SendAsync($"{text.Length:x}\r\n{text}\r\n");
            }

            await exchange.SendAsync("0\r\n\r\n");
        });

        using var response = await _pair.Gateway.Client.GetAsync("events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var number = 0; number < 20; number++)
        {
            // The backend sends the next one only after this one has been read.
            Assert.Equal($"data: {number}", await reader.ReadLineAsync());
            await reader.ReadLineAsync();
            seen.Release();
        }

        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_long_poll_is_answered_when_there_is_something_to_say()
    {
        var news = new TaskCompletionSource();
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await news.Task;
            await exchange.SendAsync(RecordingBackend.DefaultResponse);
        });
        var poll = _pair.Gateway.Client.GetStringAsync("poll");
        await Eventually.BecomesTrueAsync(() => _pair.Backend.Requests.Count == 1, TimeSpan.FromSeconds(20), "the poll has arrived");

        Assert.False(poll.IsCompleted);
        news.SetResult();
        Assert.Equal("backend", await poll);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
