using System.Net;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// Sends each part of a request's body at once. The HTTP client would buffer some kilobytes or until the end of the body, and a backend
/// that responds during the request would wait for data.
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

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? transport) =>
            SerializeToStreamAsync(stream, transport, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, TransportContext? transport, CancellationToken cancellationToken)
        {
            // The head is sent before the first part of the body arrives.
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
