using System.Text;
using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Bytes that are put together before they are sent.</summary>
public sealed class OutputBufferTests
{
    private readonly OutputBuffer _output = new();

    private string Written => Encoding.Latin1.GetString(_output.Written.Span);

    [Fact]
    public void Bytes_texts_and_numbers_are_written_in_their_order_B6()
    {
        _output.Write("GET "u8);
        _output.Write("/\u00e4\u00ff");
        _output.Write(" "u8);
        _output.Write(long.MinValue);
        _output.Write(" "u8);
        _output.Write(long.MaxValue);
        _output.Write(" "u8);
        _output.WriteChunkSize(0xbeef);
        _output.WriteChunkSize(0);
        _output.WriteChunkSize(long.MaxValue);

        Assert.Equal($"GET /\u00e4\u00ff {long.MinValue} {long.MaxValue} beef\r\n0\r\n7fffffffffffffff\r\n", Written);
        Assert.Equal(Written.Length, _output.Length);
    }

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(1000, 100)]
    [InlineData(4096, 3)]
    [InlineData(70_000, 3)]
    public void The_output_buffer_grows_and_keeps_its_content_B6(int length, int times)
    {
        var expected = new StringBuilder();
        for (var i = 0; i < times; i++)
        {
            var text = new string((char)('a' + (i % 26)), length);
            expected.Append(text);
            if (i % 2 == 0) _output.Write(text);
            else _output.Write(Encoding.Latin1.GetBytes(text));
        }

        Assert.Equal(expected.ToString(), Written);
    }

    [Fact]
    public void Cleared_or_released_output_is_not_sent_B6()
    {
        _output.Write(new string('x', 5000));
        _output.Clear();
        Assert.Equal((0, ""), (_output.Length, Written));
        _output.Write("ab"u8);
        Assert.Equal("ab", Written);

        _output.Release();
        Assert.Equal((0, ""), (_output.Length, Written));
        _output.Release();
        _output.Write("cd"u8);
        Assert.Equal("cd", Written);
    }

    [Fact]
    public void Empty_writes_leave_the_output_buffer_empty_B6()
    {
        _output.Write("");
        _output.Write(ReadOnlySpan<byte>.Empty);

        Assert.Equal((0, ""), (_output.Length, Written));
    }
}
