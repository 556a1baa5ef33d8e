using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using FathomGateway.Limits;

namespace FathomGateway.Hosting;

/// <summary>
/// The client's bytes, with a count of those that the server takes: it keeps the fields of an unfinished head as text, and tells nobody.
/// </summary>
internal sealed class HeadCountingReader(PipeReader reader, ClientConnection client) : PipeReader
{
    private ReadOnlySequence<byte> _last;

    public override bool TryRead(out ReadResult result)
    {
        var isRead = reader.TryRead(out result);
        _last = result.Buffer;
        return isRead;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = reader.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully) return NoteAsync(read);
        var result = read.Result;
        _last = result.Buffer;
        return new(result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Before the buffer goes back to the pool.
        var taken = client.RequestsUnderWay == 0 ? _last.Slice(0, consumed).Length : 0;
        _last = default;
        reader.AdvanceTo(consumed, examined);
        if (taken > 0) client.ReceiveHead(taken);
    }

    public override void CancelPendingRead() => reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => reader.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => reader.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> NoteAsync(ValueTask<ReadResult> read)
    {
        var result = await read;
        _last = result.Buffer;
        return result;
    }
}
