using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>Scripts of the backend that answer in good order: every framing, interim responses, and what <c>Expect</c> can bring.</summary>
internal static class SoakResponses
{
    public static string Head(SoakRequest request, string status, string fields) =>
        $"HTTP/1.1 {status}\r\nX-Id: {request.Id}\r\n{fields}\r\n\r\n";

    /// <summary>The request's own body.</summary>
    public static async Task EchoAsync(RawExchange exchange, SoakRequest request)
    {
        var body = (await exchange.ReadRequestAsync()).Body;
        byte[] answer = [.. Encoding.ASCII.GetBytes(Head(request, "200 OK", $"Content-Length: {body.Length}")), .. body];
        await exchange.SendAsync(answer);
    }

    public static async Task WholeAsync(RawExchange exchange, SoakRequest request, SoakBackend backend)
    {
        backend.Check(request, await exchange.ReadRequestAsync());
        switch (request.Variant)
        {
            case "chunked":
                await exchange.SendAsync(Head(request, "200 OK", $"Trailer: {SoakRequest.Trailer}\r\nTransfer-Encoding: chunked"));
                await SendChunksAsync(exchange, request.ResponseBody);
                await exchange.SendAsync(request.LastChunk);
                break;
            case "close":
                await exchange.SendAsync(Head(request, "200 OK", "Connection: close"));
                await exchange.SendAsync(request.ResponseBody);
                exchange.Close();
                break;
            case "interim":
                await exchange.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n");
                await exchange.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n");
                await SendWithLengthAsync(exchange, request, "200 OK");
                break;
            default:
                await SendWithLengthAsync(exchange, request, "200 OK");
                break;
        }
    }

    /// <summary>A 100 and the answer, the answer alone, no 100 at all, or a refusal for which the body need not come.</summary>
    public static async Task ExpectAsync(RawExchange exchange, SoakRequest request, SoakBackend backend)
    {
        if (request.Variant == "refused")
        {
            // The server reads on: whether the body comes all the same is for the gateway to settle.
            await SendWithLengthAsync(exchange, request, "417 Expectation Failed");
            return;
        }

        if (request.Variant == "hinted") await exchange.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        if (request.Variant != "silent") await exchange.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        backend.Check(request, await exchange.ReadRequestAsync());
        await SendWithLengthAsync(exchange, request, "200 OK");
    }

    public static async Task SendWithLengthAsync(RawExchange exchange, SoakRequest request, string status, string fields = "")
    {
        var head = Encoding.ASCII.GetBytes(Head(request, status, $"{fields}Content-Length: {request.Length}"));
        // In one piece where it is short, as servers do.
        const int OnePiece = 4096;
        if (request.Length > OnePiece) await exchange.SendAsync(head);
        byte[] rest = request.Length > OnePiece ? request.ResponseBody : [.. head, .. request.ResponseBody];
        await exchange.SendAsync(rest);
    }

    public static async Task SendChunksAsync(RawExchange exchange, byte[] body)
    {
        const int Chunk = 3000;
        foreach (var chunk in body.Chunk(Chunk)) await exchange.SendAsync(Framed(chunk));
    }

    /// <summary>A chunk as it stands on the wire.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> content) =>
        [.. Encoding.ASCII.GetBytes($"{content.Length:x}\r\n"), .. content, .. "\r\n"u8];
}
