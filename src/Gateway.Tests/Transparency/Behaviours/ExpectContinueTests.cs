using FathomGateway.Tests.Backend;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>A client that asks before it sends its body is answered by the backend, not by the gateway.</summary>
public sealed class ExpectContinueTests : IAsyncLifetime
{
    private const int Length = 5000;

    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_100_comes_from_the_backend_and_only_once_B2(bool chunked)
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
        await client.SendAsync(Head(chunked));
        var answer = client.ReadResponseAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(answer.IsCompleted);
        mayGoOn.SetResult();
        Assert.Equal(100, (await answer).Status);
        await Upload.SendBodyAsync(client, chunked, Length);
        // No second 100.
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        await AssertRecordedAsync();
        Assert.Equal("100-continue", _pair.Backend.Request.Header("Expect"));
    }

    /// <summary>As with curl, which waits for a second.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_with_Expect_is_read_if_the_backend_stays_silent_B2(bool chunked)
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(Head(chunked));

        // This client would wait for ever.
        Assert.Equal(100, (await client.ReadResponseAsync()).Status);
        await Upload.SendBodyAsync(client, chunked, Length);

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        await AssertRecordedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_with_Expect_that_is_sent_without_a_100_is_forwarded_B2(bool chunked)
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(Head(chunked));
        await Upload.SendBodyAsync(client, chunked, Length);

        var (response, interim) = await client.ReadFinalResponseAsync("POST");

        Assert.Equal(200, response.Status);
        Assert.InRange(interim.Count, 0, 1);
        await AssertRecordedAsync();
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task Interim_responses_before_and_after_the_body_are_not_taken_for_the_final_one_B2(string before, string after)
    {
        _pair.Backend.AnswersBeforeTheBody(async exchange =>
        {
            await exchange.SendAsync(before);
            await exchange.ReadRequestAsync();
            await exchange.SendAsync(after + RecordingBackend.DefaultResponse);
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(Head(chunked: false));
        while ((await client.ReadResponseAsync()).Status != 100)
        {
            // Whether others pass depends on the server.
        }

        await Upload.SendBodyAsync(client, chunked: false, Length);
        var (response, _) = await client.ReadFinalResponseAsync("POST");

        Assert.Equal((200, "backend"), (response.Status, response.BodyText));
    }

    /// <summary>RFC 9110, section 10.1.1: such a client does not know the expectation, and does not wait.</summary>
    [Fact]
    public async Task A_client_of_HTTP_1_0_is_sent_no_100_B2()
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("POST / HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("body", _pair.Backend.Request.BodyText);
    }

    [Theory]
    [InlineData("100-continue", "Content-Length: 0\r\n\r\n", "")]
    [InlineData("100-continue", "\r\n", "")]
    [InlineData("something", "Content-Length: 4\r\n\r\nbody", "body")]
    [InlineData("x=y; 100-continue", "Content-Length: 4\r\n\r\nbody", "body")]
    public async Task An_Expect_without_a_body_or_of_another_kind_delays_no_request_B2(string expectation, string rest, string body)
    {
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\nExpect: {expectation}\r\n{rest}");

        Assert.Equal(200, (await client.ReadFinalResponseAsync("POST")).Final.Status);
        Assert.Equal((expectation, body), (_pair.Backend.Request.Header("Expect"), _pair.Backend.Request.BodyText));
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    private static string Head(bool chunked) => Upload.Head(chunked, Length, "Expect: 100-continue\r\n");

    private async Task AssertRecordedAsync()
    {
        // A request is recorded only when the answer has long been sent.
        await Eventually.BecomesTrueAsync(() => _pair.Backend.Requests.Count == 1, TimeSpan.FromSeconds(20), "it has been recorded");
        Assert.Equal(Length, _pair.Backend.Request.Body.Length);
    }
}
