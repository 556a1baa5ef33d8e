using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>The chunked transfer coding (RFC 9112, section 7.1), in pieces of any size.</summary>
public sealed class ChunkedBodyParserTests
{
    /// <summary>Bodies, their content and their trailer sections.</summary>
    public static TheoryData<string, string, string> Valid => new()
    {
        { "0\r\n\r\n", "", "\r\n" },
        { "000\r\n\r\n", "", "\r\n" },
        { "5\r\nhello\r\n0\r\n\r\n", "hello", "\r\n" },
        { "0000000000000000005\r\nhello\r\n0\r\n\r\n", "hello", "\r\n" },
        { "a\r\n0123456789\r\nA\r\n0123456789\r\n0b\r\n0123456789-\r\n0\r\n\r\n", "012345678901234567890123456789-", "\r\n" },
        { "2\r\n\r\n\r\n3\r\n0\r\n\r\n0\r\n\r\n", "\r\n0\r\n", "\r\n" },
        { "1;a\r\nx\r\n1;a=b;c=\"d;e\"\r\ny\r\n1 \t;a\r\nz\r\n0;last\r\n\r\n", "xyz", "\r\n" },
        { "1\r\nx\r\n0\r\nA: 1\r\nb:\r\nA:2 \r\n\r\n", "x", "A: 1\r\nb:\r\nA:2 \r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_chunked_body_is_parsed_the_same_wherever_its_bytes_are_split_B5(string body, string content, string trailers)
    {
        for (var split = 0; split <= body.Length; split++)
        {
            foreach (var most in new[] { int.MaxValue, 1, 3 })
            {
                var reading = new ChunkedReading(most);

                Assert.Equal(split == body.Length ? ParseStatus.Complete : ParseStatus.Incomplete, reading.Feed(body[..split]));
                if (split < body.Length) Assert.Equal(ParseStatus.Complete, reading.Feed(body[split..]));

                Assert.Equal((content, trailers, body.Length), (reading.Content, reading.Trailers, reading.Consumed));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_chunked_body_that_comes_byte_by_byte_ends_with_its_last_byte_B5(string body, string content, string trailers)
    {
        var reading = new ChunkedReading();

        foreach (var one in body[..^1]) Assert.Equal(ParseStatus.Incomplete, reading.Feed($"{one}"));

        Assert.Equal(ParseStatus.Complete, reading.Feed(body[^1..]));
        Assert.Equal((content, trailers), (reading.Content, reading.Trailers));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Bytes_after_a_chunked_body_are_not_consumed_B4(string body, string content, string trailers)
    {
        var reading = new ChunkedReading();

        Assert.Equal(ParseStatus.Complete, reading.Feed($"{body}HTTP/1.1 200 OK\r\n\r\n"));

        Assert.Equal((content, trailers, body.Length), (reading.Content, reading.Trailers, reading.Consumed));
        // Nor later: the end is an end.
        Assert.Equal(ParseStatus.Complete, reading.Feed("x"));
        Assert.Equal(body.Length, reading.Consumed);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData(" 5\r\n")]
    [InlineData("-5\r\n")]
    [InlineData("+5\r\n")]
    [InlineData("0x5\r\n")]
    [InlineData("g\r\n")]
    [InlineData(";a\r\n")]
    [InlineData("5\n")]
    [InlineData("5 \r\n")]
    [InlineData("5 5\r\n")]
    [InlineData("5\rx")]
    [InlineData("5;a\n")]
    [InlineData("5;a\0")]
    [InlineData("5;a\rb")]
    [InlineData("8000000000000000\r\n")]
    [InlineData("ffffffffffffffff\r\n")]
    [InlineData("10000000000000005\r\n")]
    [InlineData("1\r\nxx")]
    [InlineData("1\r\nx\n")]
    [InlineData("1\r\nx\r0")]
    [InlineData("1\r\nx\r\n\r\n")]
    [InlineData("0\r\nA")]
    [InlineData("0\r\n A: 1\r\n")]
    [InlineData("0\r\nA: 1\r\n folded\r\n")]
    [InlineData("0\r\n: 1\r\n")]
    [InlineData("0\r\nA : 1\r\n")]
    [InlineData("0\r\nA\r\n\r\n")]
    [InlineData("0\r\nA: 1\n")]
    [InlineData("0\r\nA: 1\rB")]
    [InlineData("0\r\nA: \0")]
    [InlineData("0\r\n\n")]
    [InlineData("0\r\n\rx")]
    public void An_invalid_chunked_body_is_refused_wherever_it_is_split_B5(string body)
    {
        // The one that is the beginning of a trailer is refused with what comes next.
        if (body == "0\r\nA") body += "\u00e4";
        for (var split = 0; split <= body.Length; split++)
        {
            var reading = new ChunkedReading();
            if (reading.Feed(body[..split]) == ParseStatus.Incomplete) Assert.Equal(ParseStatus.Invalid, reading.Feed(body[split..]));
        }
    }
}
