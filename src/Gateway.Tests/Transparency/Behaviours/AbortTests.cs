using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>When one side aborts an exchange, the other side is aborted too.</summary>
public sealed class AbortTests : IAsyncLifetime
{
    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf")]
    public async Task A_client_that_disconnects_ends_the_backends_connection(string request)
    {
        var arrived = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        _pair.Backend.AnswersBeforeTheBody(async exchange =>
        {
            arrived.SetResult();
            try
            {
                while ((await exchange.Reader.ReadSomeAsync(exchange.ServerEnds)).Length > 0)
                {
                    // The half of the body that was sent.
                }
            }
            catch (IOException)
            {
                // A reset is an end as well.
            }

            ended.SetResult();
            exchange.Close();
        });
        var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(request);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));

        client.Reset();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_client_that_half_closes_before_the_response_is_treated_as_gone()
    {
        _pair.Backend.AnswersBeforeTheBody(RawResponse.Silence);
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        client.FinishSending();

        Assert.True(await client.IsClosedByPeerAsync());
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf", false)]
    [InlineData("Content-Length: 100\r\n\r\nhalf", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", false)]
    public async Task A_response_that_breaks_off_never_looks_like_a_clean_end_F21(string answer, bool reset)
    {
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\n{answer}");
            if (reset) exchange.Reset();
            else exchange.Close();
        });

        // Either an answer that says so, or a response whose body never comes to its end.
        try
        {
            var response = await RawClient.ExchangeAsync(_pair.Gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal(502, response.Status);
            Assert.NotNull(response.Header("X-Gateway-Error"));
        }
        catch (IOException)
        {
            // The end came inside the body.
        }
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
