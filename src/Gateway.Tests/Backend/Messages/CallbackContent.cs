using System.Net;

namespace FathomGateway.Tests.Backend;

/// <summary>A message's body of unknown length, which the test writes at a time of its choice.</summary>
internal sealed class CallbackContent(Func<Stream, Task> write) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
