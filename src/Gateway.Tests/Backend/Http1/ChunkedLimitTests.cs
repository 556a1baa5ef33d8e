using System.Globalization;
using System.Text;
using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>How much of a chunked body is read at a time, and which sizes are refused.</summary>
public sealed class ChunkedLimitTests
{
    [Fact]
    public void The_largest_chunk_size_is_that_of_a_long_B5()
    {
        var reader = new ChunkedBodyParser();

        Assert.Equal(ParseStatus.Incomplete, reader.Read("7fffffffffffffff\r\nabc"u8, int.MaxValue, out var consumed, out var content));

        Assert.Equal((21, "abc"), (consumed, Encoding.Latin1.GetString(content)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public void No_more_content_is_given_than_is_wanted_B10(int most)
    {
        var reader = new ChunkedBodyParser();

        Assert.Equal(ParseStatus.Incomplete, reader.Read("5\r\nhello\r\n"u8, most, out var consumed, out var content));

        Assert.Equal("hello"[..Math.Min(most, 5)], Encoding.Latin1.GetString(content));
        Assert.Equal(3 + Math.Min(most, 5), consumed);
    }

    [Theory]
    [InlineData("{0}\r\n", '0', 4 * 1024)]
    [InlineData("1;{0}\r\n", 'x', 4 * 1024)]
    [InlineData("1 {0};\r\n", ' ', 4 * 1024)]
    [InlineData("0\r\nA:{0}\r\n", 'x', 64 * 1024)]
    [InlineData("0\r\n{0}:\r\n", 'x', 64 * 1024)]
    public void A_chunk_size_line_and_a_trailer_section_have_their_limits_B5_B10(string format, char filling, int limit)
    {
        const int Margin = 8;
        string Filled(int length) => string.Format(CultureInfo.InvariantCulture, format, new string(filling, length));

        Assert.Equal(ParseStatus.Incomplete, new ChunkedReading().Feed(Filled(limit - Margin)));
        // Refused before its line ends, because the line may never end.
        Assert.Equal(ParseStatus.Invalid, new ChunkedReading().Feed(Filled(limit + Margin).TrimEnd('\r', '\n', ':', ';')));
    }

    [Fact]
    public void Many_short_trailers_together_are_refused_as_too_large_B10()
    {
        var trailers = string.Concat(Enumerable.Repeat("A: 1\r\n", (64 * 1024 / "A: 1".Length) + 1));

        Assert.Equal(ParseStatus.Invalid, new ChunkedReading().Feed($"0\r\n{trailers}\r\n"));
    }
}
