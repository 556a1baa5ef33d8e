using System.Text;
using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>The first line of a response (RFC 9112, section 4).</summary>
public sealed class StatusLineTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200, "OK", false)]
    [InlineData("HTTP/1.0 200 OK", 200, "OK", true)]
    [InlineData("HTTP/1.2 200 OK", 200, "OK", false)]
    [InlineData("HTTP/1.1 100 Continue", 100, "Continue", false)]
    [InlineData("HTTP/1.1 999 Far out", 999, "Far out", false)]
    [InlineData("HTTP/1.1 404", 404, "", false)]
    [InlineData("HTTP/1.1 404 ", 404, "", false)]
    [InlineData("HTTP/1.1 404  two blanks ", 404, " two blanks ", false)]
    [InlineData("HTTP/1.1 200 \u00c4\t1", 200, "\u00c4\t1", false)]
    public void A_status_line_is_read_B5(string line, int status, string reason, bool isHttp10)
    {
        var head = new ResponseHead();

        Assert.True(StatusLine.TryRead(Encoding.Latin1.GetBytes(line), head));

        Assert.Equal((status, reason, isHttp10), (head.Status, head.Reason, head.IsHttp10));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1 200OK")]
    [InlineData("HTTP/1.1 200\tOK")]
    [InlineData("HTTP/1.1  200 OK")]
    [InlineData("HTTP/1.1\t200 OK")]
    [InlineData("HTTP/1.1 099 Low")]
    [InlineData("HTTP/1.1 000 Nil")]
    [InlineData("HTTP/1.1 +20 OK")]
    [InlineData("HTTP/1.1 -20 OK")]
    [InlineData("HTTP/1.1 2\u00b20 OK")]
    [InlineData("HTTP/1.1 abc OK")]
    [InlineData("HTTP/1.x 200 OK")]
    [InlineData("HTTP/1.11 200 OK")]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("HTTP/11 200 OK")]
    [InlineData("http/1.1 200 OK")]
    [InlineData(" HTTP/1.1 200 OK")]
    [InlineData("HTTP/1.1 200 O\rK")]
    [InlineData("HTTP/1.1 200 O\nK")]
    [InlineData("HTTP/1.1 200 O\0K")]
    public void A_malformed_status_line_is_refused_B5(string line) =>
        Assert.False(StatusLine.TryRead(Encoding.Latin1.GetBytes(line), new ResponseHead()));

    [Fact]
    public void Each_beginning_of_a_status_line_may_be_one_B5()
    {
        var line = "HTTP/1.1 200 OK"u8;
        for (var length = 0; length <= line.Length; length++) Assert.True(StatusLine.MayBegin(line[..length]));
        Assert.False(StatusLine.MayBegin("HTTP/2"u8));
        Assert.False(StatusLine.MayBegin("\r"u8));
    }

    [Fact]
    public void A_standard_reason_phrase_allocates_no_string_B11()
    {
        for (var status = 100; status < 1000; status++)
        {
            if (status >= 600 || StatusLine.StandardReason(status) is not { } reason) continue;
            var head = new ResponseHead();
            Assert.True(StatusLine.TryRead(Encoding.Latin1.GetBytes($"HTTP/1.1 {status} {reason}"), head));
            Assert.Same(reason, head.Reason);
        }

        Assert.Null(StatusLine.StandardReason(999));
    }
}
