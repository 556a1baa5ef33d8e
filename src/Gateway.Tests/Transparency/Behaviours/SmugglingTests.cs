using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// Messages whose end two readers could see in different places. They are refused, and what hides behind them never reaches the backend.
/// </summary>
public sealed class SmugglingTests(Pair pair) : IClassFixture<Pair>
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    private static int _number;

    private readonly string _target = $"/smuggled/{Interlocked.Increment(ref _number)}";

    private string Hidden => $"GET {_target} HTTP/1.1\r\nHost: h\r\n\r\n";

    public static TheoryData<string> Forms() =>
    [
        "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody", "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
        "Content-Length: 4, 4\r\n\r\nbody", "Content-Length: 0x4\r\n\r\nbody", "Content-Length: -1\r\n\r\n",
        "Content-Length: 4 4\r\n\r\nbody", "Content-Length:\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chun\r\n ked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n", "Transfer_Encoding: chunked\r\nContent-Length: x\r\n\r\n",
        "X: a\r\n b\r\n\r\n", "X: a\r\n\tb\r\n\r\n", "X : a\r\n\r\n", " X: a\r\n\r\n", "X: a\rb\r\n\r\n", "X: a\0b\r\n\r\n",
        "X\0: a\r\n\r\n", "X Y: a\r\n\r\n", ": a\r\n\r\n", "no colon\r\n\r\n",
        "Host: other\r\n\r\n", Chunked + "\r\n0x3\r\nabc\r\n0\r\n\r\n", Chunked + "\r\n-3\r\nabc\r\n0\r\n\r\n",
        Chunked + "\r\n3 \nabc\r\n0\r\n\r\n", Chunked + "\r\n3;a\nb\r\nabc\r\n0\r\n\r\n",
        Chunked + "\r\n3\nabc\r\n0\r\n\r\n", Chunked + "\r\n3\r\nabcd\r\n0\r\n\r\n",
        Chunked + "\r\n100000000000000003\r\nabc\r\n0\r\n\r\n", Chunked + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        Chunked + "\r\n3\r\nabc\n0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task An_ambiguous_message_is_refused_with_all_that_follows_T32(string rest)
    {
        var text = await AnswersAsync($"POST /ambiguous HTTP/1.1\r\nHost: h\r\n{rest}{Hidden}");

        Assert.Matches("^HTTP/1.1 (4..|501|502) ", text);
        Assert.Single(text.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        AssertNothingSmuggled();
    }

    [Theory]
    [InlineData("Content-Length: 3\r\n" + Chunked + "\r\n0\r\n\r\n")]
    [InlineData(Chunked + "Content-Length: 3\r\n\r\n0\r\n\r\n")]
    public async Task A_request_with_both_lengths_is_read_by_its_chunks_and_nothing_after_them_T32(string rest)
    {
        var text = await AnswersAsync($"POST /both HTTP/1.1\r\nHost: h\r\n{rest}{Hidden}");

        Assert.StartsWith("HTTP/1.1 200 ", text, StringComparison.Ordinal);
        Assert.Single(text.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        AssertNothingSmuggled();
    }

    /// <summary>HTTP/1.0 has no chunks, so the framing is faulty (RFC 9112, section 6.1). A hop in front may see another end.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 3\r\n")]
    [InlineData("Connection: keep-alive\r\n")]
    public async Task Chunks_in_HTTP_1_0_are_refused_with_all_that_follows_T32(string fields)
    {
        var text = await AnswersAsync($"POST /old HTTP/1.0\r\nHost: h\r\n{fields}{Chunked}\r\n3\r\nabc\r\n0\r\n\r\n{Hidden}");

        Assert.StartsWith("HTTP/1.1 400 ", text, StringComparison.Ordinal);
        Assert.Single(text.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        AssertNothingSmuggled();
    }

    [Fact]
    public async Task A_body_that_looks_like_a_request_stays_a_body_T32()
    {
        var response = await RawClient.ExchangeAsync(
            pair.Gateway.Public, $"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: {Hidden.Length}\r\n\r\n{Hidden}");

        Assert.Equal(200, response.Status);
        Assert.Equal(Hidden, pair.Backend.Requests.Last(request => request.Head.Target == "/body").BodyText);
        AssertNothingSmuggled();
    }

    /// <summary>Everything that comes until the gateway ends the connection, or a second answer shows that it did not.</summary>
    private async Task<string> AnswersAsync(string request)
    {
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Public);
        await client.SendAsync(request);
        var text = new StringBuilder();
        try
        {
            while (text.ToString().Split("HTTP/1.1 ").Length < 3 && await client.ReadSomeAsync() is { Length: > 0 } some)
                text.Append(Encoding.Latin1.GetString(some));
        }
        catch (IOException)
        {
            // A reset after the answer: the gateway does not read what follows.
        }

        return text.ToString();
    }

    private void AssertNothingSmuggled() => Assert.DoesNotContain(pair.Backend.Requests, request => request.Head.Target == _target);
}
