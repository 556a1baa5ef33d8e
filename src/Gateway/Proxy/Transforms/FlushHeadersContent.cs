using System.Net;

namespace FathomGateway.Proxy.Transforms;

/// <summary>
/// A response body that flushes the response headers before it waits for the first bytes. Where bytes are available already, headers and
/// body leave together.
/// </summary>
internal sealed class FlushHeadersContent(HttpContent content, HttpContext context) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new FlushHeadersStream(await content.ReadAsStreamAsync(context.RequestAborted), context.Response);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? transport) => content.CopyToAsync(stream, transport);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) content.Dispose();
        base.Dispose(disposing);
    }
}
