using System.Net;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// Sends each piece of a request's body on as it comes. The HTTP client would gather them until there are some kilobytes
/// or the body ends; a backend that answers while it listens would not hear anything.
/// </summary>
internal sealed class UnbufferedRequestHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { Headers.ContentLength: not 0 } content) request.Content = new FlushedContent(content);
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class FlushedContent : HttpContent
    {
        private readonly HttpContent _content;

        public FlushedContent(HttpContent content)
        {
            _content = content;
            foreach (var field in content.Headers.NonValidated) Headers.TryAddWithoutValidation(field.Key, field.Value);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? transport) => SerializeToStreamAsync(stream, transport, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? transport, CancellationToken cancellationToken)
        {
            // The request's head goes at once, before the first piece is there.
            await stream.FlushAsync(cancellationToken);
            await _content.CopyToAsync(new AutoFlushStream(stream), transport, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _content.Dispose();
            base.Dispose(disposing);
        }
    }
}
