using System.Net;
using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Backend;

/// <summary>Sends a large body while it reads the answer, over HTTP/1.1 or HTTP/2.</summary>
internal static class Upload
{
    private const int PieceLength = 64 * 1024;

    private static readonly byte[] Piece = new byte[PieceLength];

    /// <summary>What came back: the upload may have ended before its end.</summary>
    public sealed record Response(int Status, string Body, string? GatewayError);

    public static Task<Response> SendAsync(ProxiedBackend to, ClientProtocol protocol, bool chunked, long length) =>
        protocol == ClientProtocol.Http11 ? OverHttp11Async(to.Http11, chunked, length) : OverHttp2Async(to.Http2, chunked, length);

    public static string Head(bool chunked, long length, string fields = "") =>
        $"POST /upload HTTP/1.1\r\nHost: h\r\n{fields}{(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {length}")}\r\n\r\n";

    /// <summary>The whole body: zeros.</summary>
    public static async Task SendBodyAsync(RawClient client, bool chunked, long length)
    {
        for (var left = length; left > 0; left -= PieceLength)
        {
            var piece = Piece.AsMemory(0, (int)Math.Min(left, PieceLength));
            if (chunked) await client.SendAsync($"{piece.Length:x}\r\n");
            await client.SendAsync(piece);
            if (chunked) await client.SendAsync("\r\n");
        }

        if (chunked) await client.SendAsync("0\r\n\r\n");
    }

    private static async Task<Response> OverHttp11Async(Uri address, bool chunked, long length)
    {
        await using var client = await RawClient.ConnectAsync(address);
        await client.SendAsync(Head(chunked, length));
        // Whether all of it goes is not asked here: the gateway may end the connection after the answer.
        var sending = SendBodyAsync(client, chunked, length);
        var response = await client.ReadResponseAsync("POST");
        return new Response(response.Status, response.BodyText, response.Header("X-Gateway-Error"));
    }

    private static async Task<Response> OverHttp2Async(Uri address, bool chunked, long length)
    {
        using var client = GatewayClient.For(address);
        using var content = new StreamedContent(length, PieceLength, announced: !chunked);
        using var request = Http2Post(content);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var body = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync());
        var error = response.Headers.TryGetValues("X-Gateway-Error", out var values) ? values.First() : null;
        return new Response((int)response.StatusCode, body, error);
    }

    public static HttpRequestMessage Http2Post(HttpContent content) => new(HttpMethod.Post, "upload")
    {
        Content = content,
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
