using System.Net;

namespace FathomGateway.Tests.Backend;

/// <summary>A request's body in pieces: HttpClient reads the answer over HTTP/2 meanwhile, which it does not for a byte array.</summary>
internal sealed class StreamedContent : HttpContent
{
    private readonly Func<long, ReadOnlyMemory<byte>> _piece;
    private readonly long _length;
    private readonly bool _announced;

    /// <param name="announced">Whether a Content-Length tells the length.</param>
    public StreamedContent(long length, int pieceLength, bool announced)
    {
        var zeros = new byte[pieceLength];
        (_length, _announced, _piece) = (length, announced, sent => zeros.AsMemory(0, (int)Math.Min(pieceLength, length - sent)));
    }

    public StreamedContent(byte[] bytes, int pieceLength, bool announced) =>
        (_length, _announced, _piece) =
            (bytes.Length, announced, sent => bytes.AsMemory((int)sent, (int)Math.Min(pieceLength, bytes.Length - sent)));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (long sent = 0; sent < _length;)
        {
            var piece = _piece(sent);
            await stream.WriteAsync(piece);
            sent += piece.Length;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return _announced;
    }
}
