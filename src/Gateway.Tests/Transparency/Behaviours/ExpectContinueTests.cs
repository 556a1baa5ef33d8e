using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>A client that asks before it sends its body is answered by the backend, not by the gateway.</summary>
public sealed class ExpectContinueTests : IAsyncLifetime
{
    private const int Length = 5000;

    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Fact]
    public async Task The_backend_says_100()
    {
        var asked = new TaskCompletionSource();
        var mayGoOn = new TaskCompletionSource();
        _pair.Backend.AnswersBeforeTheBody(async exchange =>
        {
            asked.SetResult();
            await mayGoOn.Task;
            await exchange.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await exchange.ReadRequestAsync();
            await exchange.SendAsync(RecordingBackend.DefaultResponse);
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: {Length}\r\n\r\n");
        var answer = client.ReadResponseAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(answer.IsCompleted);
        mayGoOn.SetResult();
        Assert.Equal(100, (await answer).Status);
        await client.SendAsync(new string('x', Length));
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        // Recorded only when the answer has long been sent.
        await Eventually.BecomesTrueAsync(() => _pair.Backend.Requests.Count == 1, TimeSpan.FromSeconds(20), "the request has been recorded");
        Assert.Equal("100-continue", _pair.Backend.Request.Header("Expect"));
        Assert.Equal(Length, _pair.Backend.Request.Body.Length);
    }

    [Fact]
    public async Task The_backend_refuses_before_a_byte_of_the_body_was_sent()
    {
        _pair.Backend.AnswersBeforeTheBody(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: {Length}\r\n\r\n");

        var response = await client.ReadResponseAsync();

        Assert.Equal(417, response.Status);
        Assert.Equal("no", response.BodyText);
    }

    /// <summary>The HTTP client would rather keep the connection than spare a kilobyte.</summary>
    [Fact]
    public async Task A_body_of_up_to_a_kilobyte_is_asked_for_even_though_it_is_refused()
    {
        _pair.Backend.AnswersBeforeTheBody(exchange => exchange.SendAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno"));
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

        Assert.Equal(100, (await client.ReadResponseAsync()).Status);
        await client.SendAsync("body");
        Assert.Equal(417, (await client.ReadResponseAsync()).Status);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
