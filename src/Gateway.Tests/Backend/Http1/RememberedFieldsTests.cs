using System.Text;
using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>The strings of the last head are used again where a line is the same, and only there.</summary>
public sealed class RememberedFieldsTests
{
    private const string First = "HTTP/1.1 200 OK\r\nA: one\r\nB: two\r\nContent-Length: 3\r\nC: three\r\n\r\n";

    private readonly ResponseHeadParser _reader = new();
    private readonly ResponseHead _head = new();

    [Fact]
    public void A_response_head_like_the_last_one_reuses_its_strings_B11()
    {
        Read(First);
        var before = _head.Fields.ToArray();

        Read(First);

        Assert.Equal(before.Length, _head.Fields.Count);
        for (var i = 0; i < before.Length; i++)
        {
            Assert.Same(before[i].Name, _head.Fields[i].Name);
            Assert.Same(before[i].Value, _head.Fields[i].Value);
        }
    }

    [Fact]
    public void A_field_line_that_changes_leaves_the_strings_of_the_other_lines_B11()
    {
        Read(First);
        var before = _head.Fields.ToArray();

        Read(First.Replace("two", "TWO", StringComparison.Ordinal));

        Assert.Equal("TWO", _head.Fields[1].Value);
        Assert.Same(before[0].Value, _head.Fields[0].Value);
        Assert.Same(before[3].Value, _head.Fields[3].Value);
    }

    /// <summary>From each of these heads to each other one, and back.</summary>
    private static readonly string[] Heads =
    [
        First,
        First.Replace("one", "eno", StringComparison.Ordinal),
        First.Replace("two", "a longer text than before", StringComparison.Ordinal),
        First.Replace("two", "2", StringComparison.Ordinal),
        First.Replace("B: two\r\n", "", StringComparison.Ordinal),
        First.Replace("A: one\r\n", "", StringComparison.Ordinal),
        First.Replace("C: three\r\n", "", StringComparison.Ordinal),
        First.Replace("B: two\r\n", "B: two\r\nB: two\r\nD: four\r\n", StringComparison.Ordinal),
        First.Replace("B: two\r\n", "B: two\r\n and more\r\n", StringComparison.Ordinal),
        First.Replace("B: two\r\n", "B:\r\n two\r\n", StringComparison.Ordinal),
        First.Replace("C: three\r\n", "C: three\r\n\tfolded\r\n", StringComparison.Ordinal),
        "HTTP/1.1 200 OK\r\nA: one\r\nC: three\r\nContent-Length: 3\r\nB: two\r\n\r\n",
        First.Replace("A: one", "a: one", StringComparison.Ordinal),
        First.Replace("Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", StringComparison.Ordinal),
        First.Replace("Content-Length: 3", "Content-Length: 4", StringComparison.Ordinal),
        First.Replace("200 OK", "404 Not Found", StringComparison.Ordinal),
        First.Replace("A: one", $"A: {new string('x', 5_000)}", StringComparison.Ordinal),
        "HTTP/1.1 204 No Content\r\n\r\n",
    ];

    [Fact]
    public void A_response_head_is_read_correctly_whatever_the_head_before_it_was_B11()
    {
        foreach (var former in Heads)
        {
            foreach (var latter in Heads)
            {
                Read(former);
                Read(latter);

                Assert.Equal(Afresh(latter), (HeadText.Of(_head), _head.ContentLength, _head.IsChunked, _head.SaysClose));
            }
        }
    }

    /// <summary>A head that is refused in its middle has changed nothing that is remembered.</summary>
    [Fact]
    public void A_refused_response_head_changes_no_remembered_string_B11()
    {
        Read(First);
        var refused = Encoding.Latin1.GetBytes(First.Replace("B: two", "B: new\r\nno field", StringComparison.Ordinal));
        Assert.Equal(ParseStatus.Invalid, _reader.Read(refused, _head, out _));

        Read(First);

        Assert.Equal(Afresh(First).Text, HeadText.Of(_head));
    }

    [Fact]
    public void The_receive_buffer_may_be_overwritten_after_a_head_was_read_B11()
    {
        var bytes = Encoding.Latin1.GetBytes(First);
        Assert.Equal(ParseStatus.Complete, _reader.Read(bytes, _head, out _));
        bytes.AsSpan().Fill((byte)'z');

        Read(First);

        Assert.Equal(Afresh(First).Text, HeadText.Of(_head));
    }

    private static (string Text, long Length, bool IsChunked, bool SaysClose) Afresh(string text)
    {
        var head = new ResponseHead();
        Assert.Equal(ParseStatus.Complete, new ResponseHeadParser().Read(Encoding.Latin1.GetBytes(text), head, out _));
        return (HeadText.Of(head), head.ContentLength, head.IsChunked, head.SaysClose);
    }

    private void Read(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(ParseStatus.Complete, _reader.Read(bytes, _head, out var consumed));
        Assert.Equal(bytes.Length, consumed);
    }
}
