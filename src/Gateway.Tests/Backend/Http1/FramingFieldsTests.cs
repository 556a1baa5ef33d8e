using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>What a response's fields say about the end of its body and about its connection.</summary>
public sealed class FramingFieldsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5", 5)]
    [InlineData("0005", 5)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_Content_Length_is_read_as_digits_B5(string value, long length)
    {
        var head = Head(("content-LENGTH", value));

        Assert.True(FramingFields.TryApply(head));

        Assert.Equal((length, false), (head.ContentLength, head.IsChunked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1 1")]
    [InlineData("1,1")]
    [InlineData("1, 1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("1\u00b2")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999")]
    public void A_Content_Length_that_is_no_number_is_refused_B5(string value) =>
        Assert.False(FramingFields.TryApply(Head(("Content-Length", value))));

    [Theory]
    [InlineData("5", "5")]
    [InlineData("5", "6")]
    [InlineData("0", "0")]
    public void Two_Content_Length_values_are_refused_even_where_they_are_equal_B5(string first, string second) =>
        Assert.False(FramingFields.TryApply(Head(("Content-Length", first), ("X", "y"), ("content-length", second))));

    [Fact]
    public void The_transfer_coding_chunked_is_accepted_B5()
    {
        var head = Head(("transfer-encoding", "Chunked"));

        Assert.True(FramingFields.TryApply(head));
        Assert.True(head.IsChunked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("identity")]
    [InlineData("gzip, chunked")]
    [InlineData("chunked, gzip")]
    [InlineData("chunked, chunked")]
    [InlineData("chunked;q=1")]
    [InlineData("chunked,")]
    [InlineData("xchunked")]
    public void Unknown_codings_are_refused_B5(string value) => Assert.False(FramingFields.TryApply(Head(("Transfer-Encoding", value))));

    [Fact]
    public void Chunked_beside_a_length_or_twice_or_in_HTTP_1_0_is_refused_B5()
    {
        Assert.False(FramingFields.TryApply(Head(("Transfer-Encoding", "chunked"), ("Content-Length", "5"))));
        Assert.False(FramingFields.TryApply(Head(("Content-Length", "5"), ("Transfer-Encoding", "chunked"))));
        Assert.False(FramingFields.TryApply(Head(("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked"))));
        var old = Head(("Transfer-Encoding", "chunked"));
        old.IsHttp10 = true;
        Assert.False(FramingFields.TryApply(old));
    }

    [Theory]
    [InlineData("close", true, false)]
    [InlineData("Close", true, false)]
    [InlineData("x ,\tCLOSE\t, y", true, false)]
    [InlineData("keep-alive", false, true)]
    [InlineData("Keep-Alive, close", true, true)]
    [InlineData("closed", false, false)]
    [InlineData("not close", false, false)]
    [InlineData("", false, false)]
    [InlineData(",,", false, false)]
    public void The_Connection_field_is_read_as_a_list_of_options_B4(string value, bool closes, bool keeps)
    {
        var head = Head(("connection", value));

        Assert.True(FramingFields.TryApply(head));

        Assert.Equal((closes, keeps), (head.SaysClose, head.SaysKeepAlive));
        Assert.Equal(!closes, head.KeepsConnection);
        head.IsHttp10 = true;
        Assert.Equal(keeps && !closes, head.KeepsConnection);
    }

    [Theory]
    [InlineData("timeout=5", 5)]
    [InlineData("max=100, Timeout=15", 15)]
    [InlineData("timeout=0", 0)]
    [InlineData("timeout=2147483647", int.MaxValue)]
    [InlineData("timeout=2147483648", -1)]
    [InlineData("timeout=-1", -1)]
    [InlineData("timeout=\"5\"", -1)]
    [InlineData("timeout", -1)]
    [InlineData("", -1)]
    public void The_Keep_Alive_field_yields_its_timeout_in_seconds_or_nothing_B4(string value, int seconds)
    {
        var head = Head(("Keep-Alive", value));

        Assert.True(FramingFields.TryApply(head));

        Assert.Equal(seconds, head.KeepAliveSeconds);
    }

    [Theory]
    [InlineData("GET", 200, "None")]
    [InlineData("GET", 101, "None")]
    [InlineData("GET", 103, "None")]
    [InlineData("GET", 204, "None")]
    [InlineData("GET", 205, "None")]
    [InlineData("GET", 304, "None")]
    [InlineData("HEAD", 200, "None")]
    public void The_status_and_the_method_decide_on_a_body_before_the_fields_do_B4(string method, int status, string expected)
    {
        var (plain, length, chunked) = (Head(), Head(("Content-Length", "5")), Head(("Transfer-Encoding", "chunked")));
        var hasBody = status == 200 && method != "HEAD";
        (ResponseHead Head, BodyFraming Framing)[] all =
            [(plain, BodyFraming.UntilClose), (length, BodyFraming.Length), (chunked, BodyFraming.Chunked)];
        foreach (var (head, framing) in all)
        {
            Assert.True(FramingFields.TryApply(head));
            head.Status = status;
            Assert.Equal(hasBody ? $"{framing}" : expected, $"{head.FramingFor(method)}");
            Assert.Equal(status is 204 or 205 && head != plain, head.AnnouncesForbiddenBody);
        }
    }

    private static ResponseHead Head(params (string Name, string Value)[] fields)
    {
        var head = new ResponseHead();
        head.Fields.AddRange(fields.Select(one => new HeaderField(one.Name, one.Value)));
        return head;
    }
}
