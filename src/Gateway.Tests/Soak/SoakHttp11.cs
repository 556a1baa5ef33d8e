using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>HTTP/1.1 exchanges that complete normally. Each returns what was wrong, or null.</summary>
internal static class SoakHttp11
{
    private const int MaxLength = 60_000;

    public static string Head(SoakRequest request, string method, string fields = "") =>
        $"{method} {request.Target} HTTP/1.1\r\nHost: h\r\n{fields}\r\n";

    public static string Framing(SoakRequest request, bool isChunked) =>
        isChunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {request.Sent}\r\n";

    public static Task<RawClient> ConnectAsync(SoakCall call) => RawClient.ConnectAsync(call.At.Gateway.Public);

    /// <summary>Bodies of each framing both ways, with trailers, interim responses, and up to three requests on one connection.</summary>
    public static async Task<string?> WholeAsync(SoakCall call)
    {
        await using var client = await ConnectAsync(call);
        for (var left = call.Number(1, 3); left > 0; left--)
        {
            var (method, isChunked) = (call.Pick("GET", "POST", "PUT", "DELETE"), call.IsOneIn(2));
            var (sent, length) = (method == "GET" ? 0 : call.Number(1, MaxLength), call.Number(0, MaxLength));
            var request = call.Create("whole", sent, length, call.Pick("length", "chunked", "close", "interim"));
            var fields = method == "GET" ? "" : $"{(isChunked ? $"Trailer: {SoakRequest.Trailer}\r\n" : "")}{Framing(request, isChunked)}";
            await client.SendAsync(Head(request, method, fields));
            if (method != "GET") await SendAsync(client, request.RequestBody, isChunked, isChunked ? request.LastChunk : "");
            var (response, _) = await client.ReadFinalResponseAsync(method);
            if (request.FaultOf(response) is { } fault) return fault;
            // A gateway that ends says so. Whether this one did is known to the caller.
            if (response.Header("Connection") == "close") throw new IOException("The connection was closed.");
        }

        return null;
    }

    public static async Task<string?> ExpectAsync(SoakCall call)
    {
        var isChunked = call.IsOneIn(2);
        var variant = call.Pick("asked", "hinted", "silent", "refused");
        var request = call.Create("expect", call.Number(1, MaxLength), call.Number(0, MaxLength), variant);
        await using var client = await ConnectAsync(call);
        await client.SendAsync(Head(request, "POST", $"Expect: 100-continue\r\n{Framing(request, isChunked)}"));
        var response = await client.ReadResponseAsync("POST");
        // For "refused", a 100 comes only if the machine stalls for a second: the gateway then no longer waits for the backend's answer.
        var isAsked = response.Status == 100;
        if (isAsked) await SendAsync(client, request.RequestBody, isChunked, isChunked ? "0\r\n\r\n" : "");
        if (isAsked) (response, _) = await client.ReadFinalResponseAsync("POST");
        if (request.FaultOf(response, request.Variant == "refused" ? 417 : 200) is { } fault) return fault;
        if (!isAsked && response.Header("Connection") != "close") return "a body that is not to come is waited for";
        return await FollowAsync(call, client, response);
    }

    /// <summary>The response must come while the second half of the body is held back.</summary>
    public static async Task<string?> EarlyAsync(SoakCall call)
    {
        var isChunked = call.IsOneIn(2);
        var request = call.Create("early", call.Number(2, 4 * MaxLength), call.Number(0, MaxLength), call.Pick("close", "open"));
        await using var client = await ConnectAsync(call);
        await client.SendAsync(Head(request, "POST", Framing(request, isChunked)));
        var body = request.RequestBody;
        await SendAsync(client, body.AsMemory(0, body.Length / 2), isChunked, "");
        var response = await client.ReadResponseAsync("POST");
        if (request.FaultOf(response, 413) is { } fault) return fault;
        if (response.Header("Connection") != "close") return "an upload that nobody reads may go on";
        try
        {
            if (call.IsOneIn(2)) await SendAsync(client, body.AsMemory(body.Length / 2), isChunked, isChunked ? "0\r\n\r\n" : "");
        }
        catch (IOException)
        {
            // The gateway need not take it.
        }

        return null;
    }

    /// <summary>The first half comes back before the second is sent.</summary>
    public static async Task<string?> DuplexAsync(SoakCall call)
    {
        var isChunked = call.IsOneIn(2);
        var request = call.Create("duplex", call.Number(2, 4 * MaxLength));
        await using var client = await ConnectAsync(call);
        await client.SendAsync(Head(request, "POST", Framing(request, isChunked)));
        var body = request.RequestBody;
        await SendAsync(client, body.AsMemory(0, body.Length / 2), isChunked, "");
        var head = await client.ReadHeadAsync();
        var sending = SendAsync(client, body.AsMemory(body.Length / 2), isChunked, isChunked ? "0\r\n\r\n" : "");
        using var received = new MemoryStream();
        received.Write(head.Raw);
        while (!(isChunked ? received.ToArray().AsSpan().EndsWith("\r\n0\r\n\r\n"u8) : received.Length == head.Raw.Length + request.Sent))
        {
            var some = await client.ReadSomeAsync();
            if (some.Length == 0) throw new EndOfStreamException("The echo broke off.");
            received.Write(some);
        }

        await sending;
        received.Position = 0;
        var reader = new WireReader(received);
        var response = await reader.ReadResponseBodyAsync((await reader.ReadHeadAsync(default))!, "POST", default);
        return request.FaultOf(response.Status, 200, head.All("X-Id"), body, response.Body) ?? await FollowAsync(call, client, response);
    }

    /// <summary>Where the connection goes on, the next request on it gets its own answer.</summary>
    public static async Task<string?> FollowAsync(SoakCall call, RawClient client, WireMessage response)
    {
        if (response.Header("Connection") == "close") return null;
        var next = call.Create("whole", 0, call.Number(0, 2000), "length");
        await client.SendAsync(Head(next, "GET"));
        return next.FaultOf(await client.ReadResponseAsync()) is { } fault ? $"the next response: {fault}" : null;
    }

    /// <param name="end">What is sent behind it.</param>
    public static async Task SendAsync(RawClient client, ReadOnlyMemory<byte> body, bool isChunked, string end)
    {
        const int Piece = 10_000;
        for (; !body.IsEmpty; body = body[Math.Min(Piece, body.Length)..])
        {
            var piece = body[..Math.Min(Piece, body.Length)];
            await client.SendAsync(isChunked ? SoakResponses.Framed(piece.Span) : piece);
        }

        if (end.Length > 0) await client.SendAsync(end);
    }
}
