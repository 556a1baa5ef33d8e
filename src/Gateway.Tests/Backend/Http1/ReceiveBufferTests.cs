using System.Text;
using FathomGateway.Backend.Http1;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>What was received and not consumed yet.</summary>
public sealed class ReceiveBufferTests
{
    private readonly ReceiveBuffer _buffer = new();

    private string Unread => Encoding.Latin1.GetString(_buffer.Unread.Span);

    [Fact]
    public void The_receive_buffer_is_empty_before_the_first_read_and_after_its_release_B10()
    {
        Assert.Equal(0, _buffer.UnreadLength);
        Assert.True(_buffer.Unread.IsEmpty);

        Receive("abc");
        _buffer.Release();

        Assert.Equal(0, _buffer.UnreadLength);
        Assert.True(_buffer.Unread.IsEmpty);
        _buffer.Release();
    }

    [Fact]
    public void Consumed_bytes_are_gone_and_new_ones_follow_the_rest_B4()
    {
        Receive("abc");
        _buffer.Consume(2);
        Receive("def");

        Assert.Equal("cdef", Unread);
        _buffer.Consume(4);
        Assert.Equal("", Unread);
        Receive("g");
        Assert.Equal("g", Unread);
    }

    /// <summary>A head of 64 kB that arrives in pieces of any size, with something consumed before it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void The_receive_buffer_grows_while_nothing_is_consumed_B5(int piece)
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number};"));
        Receive("before");
        _buffer.Consume("before".Length);

        for (var at = 0; at < text.Length;)
        {
            var room = _buffer.BeginRead();
            Assert.True(room.Length > 0);
            var length = Math.Min(Math.Min(piece, room.Length), text.Length - at);
            Encoding.Latin1.GetBytes(text.AsSpan(at, length), room.Span);
            _buffer.EndRead(length);
            at += length;
        }

        Assert.Equal(text, Unread);
    }

    [Fact]
    public void The_receive_buffer_is_small_until_a_read_fills_it_B10()
    {
        var small = _buffer.BeginRead().Length;
        _buffer.EndRead(1);
        _buffer.Consume(1);
        Assert.Equal(small, _buffer.BeginRead().Length);

        _buffer.EndRead(small);
        _buffer.Consume(small);

        Assert.Equal(ReceiveBuffer.Large, _buffer.BeginRead().Length);
        _buffer.EndRead(10);
        _buffer.Consume(10);
        Assert.Equal(small, _buffer.BeginRead().Length);
    }

    /// <summary>Memory is rented, so a new owner's buffer may hold what an old one had.</summary>
    [Fact]
    public void Bytes_of_a_former_use_of_a_receive_buffer_are_never_read_B4()
    {
        Receive(new string('x', 4000));
        _buffer.Release();
        Receive("ab");
        Assert.Equal("ab", Unread);

        _buffer.BeginRead();
        _buffer.EndRead(0);

        Assert.Equal("ab", Unread);
    }

    /// <summary>One thread can close a connection while another waits to read from it.</summary>
    [Fact]
    public void A_read_that_ends_after_the_release_of_its_buffer_yields_no_bytes_B4()
    {
        Receive("abc");
        var room = _buffer.BeginRead();
        _buffer.Release();
        room.Span[0] = (byte)'d';

        _buffer.EndRead(1);

        Assert.Equal(0, _buffer.UnreadLength);
        Receive("e");
        Assert.Equal("e", Unread);
    }

    private void Receive(string text)
    {
        var room = _buffer.BeginRead().Span;
        _buffer.EndRead(Encoding.Latin1.GetBytes(text, room));
    }
}
