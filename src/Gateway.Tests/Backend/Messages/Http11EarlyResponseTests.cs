using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Responses that come while the body of the message is still being written.</summary>
public sealed class Http11EarlyResponseTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _end = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_response_is_there_before_the_body_ends_and_its_connection_is_closed_B1()
    {
        var ended = new TaskCompletionSource();
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.ReadSomeAsync();
            await exchange.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            await exchange.IsEndedByPeerAsync();
            ended.SetResult();
            exchange.Close();
        });
        var rest = new TaskCompletionSource();
        using var request = stage.Request("POST", "", new CallbackContent(async stream =>
        {
            await stream.WriteAsync("begin"u8.ToArray());
            await rest.Task;
            // Dropped without an error, because no one reads it.
            await stream.WriteAsync("rest"u8.ToArray());
        }));

        using var response = await stage.SendAsync(request, _end).WaitAsync(Limit, _end);

        Assert.Equal("no", await response.Content.ReadAsStringAsync(_end).WaitAsync(Limit, _end));
        await ended.Task.WaitAsync(Limit, _end);
        rest.SetResult();
    }

    [Fact]
    public async Task A_request_body_and_its_response_flow_at_the_same_time_B1()
    {
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            var message = await exchange.ReadRequestAsync();
            await exchange.SendAsync($"{message.Body.Length:x}\r\n{message.BodyText}\r\n0\r\n\r\n");
        });
        var hasResponse = new TaskCompletionSource();
        using var request = stage.Request("POST", "", new CallbackContent(async stream =>
        {
            await hasResponse.Task;
            await stream.WriteAsync("hello"u8.ToArray());
        }));

        using var response = await stage.SendAsync(request, _end).WaitAsync(Limit, _end);
        hasResponse.SetResult();

        Assert.Equal("hello", await response.Content.ReadAsStringAsync(_end).WaitAsync(Limit, _end));
        Assert.Equal("", await stage.GetAsync("", "POST", new ByteArrayContent([])));
        Assert.Equal(1, stage.Server.Connections);
    }

    [Fact]
    public async Task A_request_body_that_fails_ends_the_connection_B1()
    {
        var ended = new TaskCompletionSource();
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.IsEndedByPeerAsync();
            ended.SetResult();
            exchange.Close();
        });
        using var request = stage.Request("POST", "", new CallbackContent(async stream =>
        {
            await stream.WriteAsync("half"u8.ToArray());
            throw new IOException("the client has gone");
        }));

        await Assert.ThrowsAsync<HttpRequestException>(() => stage.SendAsync(request, _end).WaitAsync(Limit, _end));

        await ended.Task.WaitAsync(Limit, _end);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "hello")]
    [InlineData("", "hello")]
    public async Task A_request_body_that_waits_for_a_100_is_sent_when_it_comes_or_stays_away_B2(string interim, string expected)
    {
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.SendAsync(interim);
            var message = await exchange.ReadRequestAsync();
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {message.Body.Length}\r\n\r\n{message.BodyText}");
        });
        using var request = stage.Request("POST", "", new ByteArrayContent("hello"u8.ToArray()));
        request.Headers.ExpectContinue = true;

        using var response = await stage.SendAsync(request, _end).WaitAsync(Limit, _end);

        Assert.Equal(expected, await response.Content.ReadAsStringAsync(_end));
    }

    [Fact]
    public async Task A_request_body_is_not_sent_after_a_final_response_in_place_of_a_100_B2()
    {
        var read = new TaskCompletionSource<bool>();
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
            read.SetResult((await exchange.ReadSomeAsync()).Length > 0);
            exchange.Close();
        });
        var wasAsked = false;
        using var request = stage.Request("POST", "", new CallbackContent(stream =>
        {
            wasAsked = true;
            return stream.WriteAsync("hello"u8.ToArray()).AsTask();
        }));
        request.Headers.ExpectContinue = true;

        using var response = await stage.SendAsync(request, _end).WaitAsync(Limit, _end);

        Assert.Equal("", await response.Content.ReadAsStringAsync(_end));
        Assert.False(await read.Task.WaitAsync(Limit, _end));
        Assert.False(wasAsked);
    }
}
