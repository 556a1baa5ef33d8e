using System.Net;

namespace FathomGateway.Tests.Soak;

/// <summary>A request's body of which the second half waits until it is let go.</summary>
internal sealed class SoakContent(byte[] bytes, bool isAnnounced) : HttpContent
{
    private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the first half has been written.</summary>
    public Task Half => _half.Task;

    public void Continue() => _rest.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var half = bytes.Length / 2;
        await stream.WriteAsync(bytes.AsMemory(0, half), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        _half.TrySetResult();
        await _rest.Task.WaitAsync(cancellationToken);
        await stream.WriteAsync(bytes.AsMemory(half), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return isAnnounced;
    }
}
