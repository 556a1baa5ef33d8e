using System.Text;
using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Heads of responses: the parsed result, and which are refused, in pieces of any size.</summary>
public sealed class ResponseHeadParserTests
{
    /// <summary>Heads, and what they are read as.</summary>
    public static TheoryData<string, string> Valid => new()
    {
        { "HTTP/1.1 200 OK\r\n\r\n", "200 OK" },
        { "HTTP/1.1 200 OK\r\nA: 1\r\nb:2\r\nA:  3 \t\r\n\r\n", "200 OK|A=1|b=2|A=3" },
        { "HTTP/1.0 404 \r\nServer: x\r\n\r\n", "404 |Server=x" },
        { "HTTP/1.1 599\r\nEmpty:\r\nBlank: \t \r\n\r\n", "599 |Empty=|Blank=" },
        { "HTTP/1.1 200 \u00c4rger\r\nX-Latin: \u00fc\u00ff\r\n\r\n", "200 \u00c4rger|X-Latin=\u00fc\u00ff" },
        { "HTTP/1.1 200 OK\r\nA: 1\r\n 2\r\n\t3 \r\nB: 4\r\n\r\n", "200 OK|A=1 2 3|B=4" },
        { "HTTP/1.1 200 OK\r\nA:\r\n 1\r\n\r\n", "200 OK|A=1" },
        { "HTTP/1.1 200 OK\r\nA \t: 1\r\n!#$%&'*+-.^_`|~09azAZ: 2\r\n\r\n", "200 OK|A=1|!#$%&'*+-.^_`|~09azAZ=2" },
        { "HTTP/1.1 200 OK\r\nA: a:b: c\r\nB: \u0001\u007f\r\n\r\n", "200 OK|A=a:b: c|B=\u0001\u007f" },
        { "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "103 Early Hints|Link=</a>" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_response_head_is_parsed_the_same_wherever_its_bytes_are_split_B5(string head, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes(head);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var (reader, result) = (new ResponseHeadParser(), new ResponseHead());
            var isWhole = split == bytes.Length;

            var first = reader.Read(bytes.AsSpan(0, split), result, out var consumed);
            Assert.Equal(isWhole ? ParseStatus.Complete : ParseStatus.Incomplete, first);
            if (!isWhole) Assert.Equal(ParseStatus.Complete, reader.Read(bytes, result, out consumed));

            Assert.Equal(bytes.Length, consumed);
            Assert.Equal(expected, HeadText.Of(result));
        }
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_response_head_that_comes_byte_by_byte_ends_with_its_last_byte_B5(string head, string expected)
    {
        var (reader, result, bytes) = (new ResponseHeadParser(), new ResponseHead(), Encoding.Latin1.GetBytes(head));

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ParseStatus.Incomplete, reader.Read(bytes.AsSpan(0, length), result, out _));
        }

        Assert.Equal(ParseStatus.Complete, reader.Read(bytes, result, out _));
        Assert.Equal(expected, HeadText.Of(result));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Bytes_after_a_response_head_are_not_consumed_B4(string head, string expected)
    {
        var result = new ResponseHead();

        var bytes = Encoding.Latin1.GetBytes($"{head}\r\nX: HTTP/1.1 500 No\r\n\r\n");
        var status = new ResponseHeadParser().Read(bytes, result, out var consumed);

        Assert.Equal((ParseStatus.Complete, head.Length), (status, consumed));
        Assert.Equal(expected, HeadText.Of(result));
    }

    [Theory]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("http/1.1 200 OK\r\n\r\n")]
    [InlineData("ICY 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\nA: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\nB: 2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\rB: 2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\r\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n A: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA B: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA\u00e4: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\u0001: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n(A): 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\r\n b\0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n")]
    public void An_ambiguous_response_head_is_refused_wherever_its_bytes_are_split_B5(string head)
    {
        var bytes = Encoding.Latin1.GetBytes(head);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var reader = new ResponseHeadParser();
            if (reader.Read(bytes.AsSpan(0, split), new ResponseHead(), out _) is var first and not ParseStatus.Incomplete)
            {
                Assert.Equal(ParseStatus.Invalid, first);
                continue;
            }

            Assert.Equal(ParseStatus.Invalid, reader.Read(bytes, new ResponseHead(), out _));
        }
    }

    /// <summary>A server that speaks another protocol may wait for an answer to its greeting.</summary>
    [Theory]
    [InlineData("S")]
    [InlineData("220 mail")]
    [InlineData("HTTP/2")]
    public void Another_protocol_is_refused_at_its_first_bytes_B5(string greeting) =>
        Assert.Equal(ParseStatus.Invalid, new ResponseHeadParser().Read(Encoding.Latin1.GetBytes(greeting), new ResponseHead(), out _));

    [Theory]
    [InlineData(ResponseHeadParser.MaxHeadBytes, true)]
    [InlineData(ResponseHeadParser.MaxHeadBytes + 1, false)]
    public void A_response_head_has_64_kB_at_most_B5(int size, bool isRead)
    {
        var start = "HTTP/1.1 200 OK\r\nA: ";
        var bytes = Encoding.Latin1.GetBytes($"{start}{new string('x', size - start.Length - 4)}\r\n\r\n");

        Assert.Equal(isRead ? ParseStatus.Complete : ParseStatus.Invalid, new ResponseHeadParser().Read(bytes, new ResponseHead(), out _));
    }

    [Fact]
    public void A_response_head_without_end_is_refused_as_soon_as_it_is_too_large_B5_B10()
    {
        var reader = new ResponseHeadParser();
        var bytes = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nA: {new string('x', ResponseHeadParser.MaxHeadBytes)}");

        Assert.Equal(ParseStatus.Incomplete, reader.Read(bytes.AsSpan(0, ResponseHeadParser.MaxHeadBytes), new ResponseHead(), out _));
        Assert.Equal(ParseStatus.Invalid, reader.Read(bytes.AsSpan(0, ResponseHeadParser.MaxHeadBytes + 1), new ResponseHead(), out _));
    }
}
