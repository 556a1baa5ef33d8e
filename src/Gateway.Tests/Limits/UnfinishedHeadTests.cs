using System.IO.Pipelines;
using FathomGateway.Hosting;
using FathomGateway.Limits;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>The server keeps the fields of a head that is still on its way as text.</summary>
public sealed class UnfinishedHeadTests
{
    private const int Head = 31 * 1024;

    [Fact]
    public void An_unfinished_head_is_charged_and_given_back_when_its_request_begins_A1()
    {
        var ledger = new Ledger();
        var connection = ledger.OpenIdle();
        var idle = ledger.Connections.Memory;

        for (var line = 0; line < 31; line++) connection.ReceiveHead(Ledger.Kilobyte);
        var charged = ledger.Connections.Memory - idle;
        Assert.InRange(charged, (Head * MemoryCost.HeadByte) - MemoryCost.SmallHead, Head * MemoryCost.HeadByte);
        Assert.Equal(charged, connection.Held);

        Assert.True(connection.TryBeginRequest(Ledger.Kilobyte));
        Assert.Equal(idle + Ledger.Kilobyte, ledger.Connections.Memory);
        connection.EndRequest(Ledger.Kilobyte);
        Assert.Equal((idle, 0), (ledger.Connections.Memory, connection.Held));
    }

    [Fact]
    public void An_unfinished_head_is_given_back_with_its_connection_A1()
    {
        var ledger = new Ledger();
        var (connection, _) = ledger.Open();
        connection.ReceiveHead(Head);
        Assert.True(ledger.Connections.Memory > Head * MemoryCost.HeadByte);

        ledger.Connections.Forget(connection);

        Assert.Equal(0, ledger.Connections.Memory);
    }

    [Fact]
    public void Unfinished_heads_have_half_of_the_memory_and_one_too_many_ends_its_own_connection_A1()
    {
        var ledger = new Ledger(memory: 10 * Ledger.Megabyte);
        var idle = ledger.OpenIdle();
        var crowd = Enumerable.Range(0, 300).Select(_ => ledger.OpenIdle()).ToList();

        foreach (var one in crowd) one.ReceiveHead(Head);

        Assert.InRange(crowd.Count(one => !one.IsClosing), 20, 120);
        Assert.False(idle.IsClosing);
        Assert.Equal(crowd.Count(one => one.IsClosing), ledger.Events.Count(EvictionReason.Largest));
        Assert.True(ledger.OpenIdle().TryBeginRequest(20 * Ledger.Kilobyte));
    }

    [Fact]
    public void The_rest_of_a_body_that_nobody_reads_is_charged_as_one_head_at_most_A1()
    {
        var ledger = new Ledger();
        var connection = ledger.OpenIdle();

        for (var i = 0; i < 1000; i++) connection.ReceiveHead(64 * Ledger.Kilobyte);

        Assert.Equal(MemoryCost.LargestHead * MemoryCost.HeadByte, connection.Held);
        Assert.False(connection.IsClosing);
    }

    [Fact]
    public void A_connection_of_HTTP2_is_charged_with_its_decoder_as_long_as_it_lasts_A1()
    {
        var ledger = new Ledger();
        var (connection, _) = ledger.Open();

        connection.FinishFirstRequest(isHttp2: true);
        connection.FinishFirstRequest(isHttp2: true);
        // Frames of other kinds hold nothing, however many there are.
        connection.ReceiveHead(Head);
        Assert.Equal(MemoryCost.Connection + MemoryCost.Http2, ledger.Connections.Memory);

        ledger.Connections.Forget(connection);
        Assert.Equal(0, ledger.Connections.Memory);
    }

    [Fact]
    public async Task The_bytes_that_the_server_takes_are_counted_between_requests_and_not_within_one_A1()
    {
        var ledger = new Ledger();
        var connection = ledger.OpenIdle();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var reader = new HeadCountingReader(pipe.Reader, connection);

        // The first part is waited for, and the second one is there.
        var reading = reader.ReadAsync();
        await pipe.Writer.WriteAsync(new byte[20_000], TestContext.Current.CancellationToken);
        var first = await reading;
        reader.AdvanceTo(first.Buffer.GetPosition(9_000));
        Assert.InRange(connection.Held, 2 * 9_000, 2 * 9_000);
        await pipe.Writer.WriteAsync(new byte[10_000], TestContext.Current.CancellationToken);
        Assert.True(reader.TryRead(out var second));
        reader.AdvanceTo(second.Buffer.End);
        Assert.Equal(2 * 30_000, connection.Held);

        Assert.True(connection.TryBeginRequest(1));
        await pipe.Writer.WriteAsync(new byte[50_000], TestContext.Current.CancellationToken);
        reader.AdvanceTo((await reader.ReadAsync(TestContext.Current.CancellationToken)).Buffer.End);
        Assert.Equal(1, connection.Held);
    }
}
