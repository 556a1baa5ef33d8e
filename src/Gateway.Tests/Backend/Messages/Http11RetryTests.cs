using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// Requests that meet the end of a connection which was kept open: retried only where the retry cannot have an effect twice.
/// </summary>
public sealed class Http11RetryTests
{
    private readonly List<string> _received = [];

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("POST", false)]
    [InlineData("PUT", false)]
    [InlineData("DELETE", false)]
    [InlineData("get", false)]
    public async Task A_request_is_sent_again_only_if_it_is_safe_and_a_reused_connection_ends_without_a_byte_B3(
        string method, bool isSentAgain)
    {
        await using var stage = new HandlerStage(exchange => AnswerAsync(exchange, ""));
        Assert.Equal("/warm", await stage.GetAsync("warm"));

        Assert.Equal(isSentAgain, await IsAnsweredAsync(stage, method));

        Assert.Equal(isSentAgain ? 2 : 1, _received.Count(one => one == $"{method} /second"));
    }

    [Fact]
    public async Task A_request_with_a_body_is_never_sent_again_B3()
    {
        await using var stage = new HandlerStage(exchange => AnswerAsync(exchange, ""));
        Assert.Equal("/warm", await stage.GetAsync("warm"));

        Assert.False(await IsAnsweredAsync(stage, "GET", new ByteArrayContent("x"u8.ToArray())));

        Assert.Single(_received, "GET /second");
    }

    [Fact]
    public async Task A_request_is_not_sent_again_after_a_byte_of_its_response_B3()
    {
        await using var stage = new HandlerStage(exchange => AnswerAsync(exchange, "H"));
        Assert.Equal("/warm", await stage.GetAsync("warm"));

        Assert.False(await IsAnsweredAsync(stage, "GET"));

        Assert.Single(_received, "GET /second");
    }

    [Fact]
    public async Task A_request_on_a_fresh_connection_is_not_sent_again_B3()
    {
        await using var stage = new HandlerStage(exchange => AnswerAsync(exchange, ""));

        Assert.False(await IsAnsweredAsync(stage, "GET"));

        Assert.Single(_received, "GET /second");
    }

    private static async Task<bool> IsAnsweredAsync(HandlerStage stage, string method, HttpContent? content = null)
    {
        try
        {
            await stage.GetAsync("second", method, content);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The first to <c>/second</c> ends its connection in place of an answer.</summary>
    private async Task AnswerAsync(RawExchange exchange, string insteadOfAnAnswer)
    {
        await exchange.ReadRequestAsync();
        var line = $"{exchange.Head.Method} {exchange.Head.Target}";
        _received.Add(line);
        if (exchange.Head.Target == "/second" && _received.Count(one => one == line) == 1)
        {
            await exchange.SendAsync(insteadOfAnAnswer);
            exchange.Close();
            return;
        }

        var body = exchange.Head.Method == "HEAD" ? "" : exchange.Head.Target;
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {exchange.Head.Target.Length}\r\n\r\n{body}");
    }
}
