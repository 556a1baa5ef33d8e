using System.Net;
using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend.Messages;

/// <summary>Converts the heads of .NET's messages: writes a request's head, and creates a response from the parsed head.</summary>
internal static class MessageHead
{
    /// <summary>Fields that are written from the address or the content, whatever the message holds.</summary>
    private static readonly string[] ManagedFields = ["Host", "Content-Length", "Transfer-Encoding"];

    public static bool IsUpgrade(HttpRequestMessage request) => request.Headers.NonValidated.Contains("Upgrade");

    public static bool HasConnectionAuthentication(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues("Authorization", out var values)
            && values.Any(value => ConnectionAuthentication.IsIn(value));

    /// <exception cref="HttpRequestException">A field or the target cannot be written.</exception>
    public static void Write(HttpRequestMessage request, BackendAddress address, OutputBuffer output)
    {
        output.Write($"{request.Method.Method} {request.RequestUri!.PathAndQuery} HTTP/1.1\r\n");
        WriteField("Host", request.Headers.Host ?? address.Authority, output);
        foreach (var (name, values) in request.Headers.NonValidated) WriteLines(name, values, output);
        if (request.Content is not null)
        {
            foreach (var (name, values) in request.Content.Headers.NonValidated) WriteLines(name, values, output);
            if (request.Content.Headers.ContentLength is { } length) WriteField("Content-Length", $"{length}", output);
            else WriteField("Transfer-Encoding", "chunked", output);
        }

        output.Write("\r\n"u8);
    }

    /// <param name="endSending">See <see cref="ResponseBodyStream"/>.</param>
    public static HttpResponseMessage CreateResponse(HttpRequestMessage request, BackendConnection connection, Func<bool> endSending)
    {
        var head = connection.Head;
        var response = new HttpResponseMessage((HttpStatusCode)head.Status)
        {
            ReasonPhrase = head.Reason,
            Version = head.IsHttp10 ? HttpVersion.Version10 : HttpVersion.Version11,
            RequestMessage = request,
        };
        response.Content = new ResponseContent(new ResponseBodyStream(connection, request.Method.Method, response, endSending));
        foreach (var (name, value) in head.Fields)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private static void WriteLines(string name, System.Net.Http.Headers.HeaderStringValues values, OutputBuffer output)
    {
        if (ManagedFields.Contains(name, StringComparer.OrdinalIgnoreCase)) return;
        foreach (var value in values) WriteField(name, value, output);
    }

    private static void WriteField(string name, string value, OutputBuffer output)
    {
        if (value.AsSpan().ContainsAny('\r', '\n', '\0')) throw new HttpRequestException("A field of the request holds a line break.");
        output.Write($"{name}: {value}\r\n");
    }

    private sealed class ResponseContent(ResponseBodyStream stream) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(stream);

        protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) => stream.CopyToAsync(target);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
