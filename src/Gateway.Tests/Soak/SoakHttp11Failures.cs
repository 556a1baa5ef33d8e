using System.Globalization;
using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>What clients of HTTP/1.1 see of a backend that breaks off or says too much, and what they break off themselves.</summary>
internal static class SoakHttp11Failures
{
    /// <summary>Where each response breaks off, and how. A body without a length has no other end than a clean one.</summary>
    public static readonly string[] Cuts =
    [
        "nothing-close", "nothing-reset", "line-close", "line-reset", "head-close", "head-reset",
        "body-close", "body-reset", "chunk-close", "chunk-reset", "open-reset",
    ];

    /// <summary>Whether there was no head, so that the gateway has to say 502.</summary>
    public static bool IsBeforeTheHead(SoakRequest request) => request.Variant.Split('-')[0] is "nothing" or "line";

    public static async Task<string?> CutAsync(SoakCall call)
    {
        var (isPost, request) = (call.IsOneIn(2), call.Create("cut", 0, call.Number(2, 100_000), call.Pick<string>(Cuts)));
        await using var client = await SoakHttp11.ConnectAsync(call);
        var fields = $"Connection: close\r\n{(isPost ? "Content-Length: 0\r\n" : "")}";
        await client.SendAsync(SoakHttp11.Head(request, isPost ? "POST" : "GET", fields));
        var (text, _) = await client.ReadToEndAsync();
        if (request.FaultOfPart(text) is { } fault) return fault;
        using var received = new MemoryStream(Encoding.Latin1.GetBytes(text));
        var reader = new WireReader(received);
        try
        {
            var head = await reader.ReadHeadAsync(default);
            if (head is not null) await reader.ReadResponseBodyAsync(head, "GET", default);
            if (head is not (null or { Status: 502 })) return "a clean end";
            if (text.Contains("\r\nX-Gateway-Error: ", StringComparison.Ordinal) || !IsBeforeTheHead(request)) return null;
        }
        catch (EndOfStreamException) when (!IsBeforeTheHead(request))
        {
            return null;
        }

        throw new IOException("There was no 502.");
    }

    public static async Task<string?> BodilessAsync(SoakCall call)
    {
        var status = call.Pick("HEAD", "204", "304");
        var request = call.Create("bodiless", variant: $"{status}-{call.Pick(0, 0, call.Number(1, SoakBadResponses.MaxDelay))}");
        await using var client = await SoakHttp11.ConnectAsync(call);
        var method = status == "HEAD" ? "HEAD" : "GET";
        await client.SendAsync(SoakHttp11.Head(request, method));
        var response = await client.ReadResponseAsync(method);
        var fault = request.FaultOf(response, status == "HEAD" ? 200 : int.Parse(status, CultureInfo.InvariantCulture), hasBody: false);
        return fault ?? await SoakHttp11.FollowAsync(call, client, response);
    }

    public static async Task<string?> StrayAsync(SoakCall call)
    {
        const int AsLongAsAConnectionIsIdle = 2500;
        var request = call.Create("stray", 0, call.Number(0, 5000), $"after-{call.Number(0, AsLongAsAConnectionIsIdle)}");
        await using var client = await SoakHttp11.ConnectAsync(call);
        await client.SendAsync(SoakHttp11.Head(request, "GET"));
        var response = await client.ReadResponseAsync();
        return request.FaultOf(response) ?? await SoakHttp11.FollowAsync(call, client, response);
    }

    public static async Task<string?> AbortDownloadAsync(SoakCall call)
    {
        var request = call.Create("endless", 0, 20_000);
        await using var client = await SoakHttp11.ConnectAsync(call);
        await client.SendAsync(SoakHttp11.Head(request, "GET"));
        for (var left = call.Number(-50_000, 300_000); left > 0;)
        {
            var some = await client.ReadSomeAsync();
            if (some.Length == 0) throw new EndOfStreamException("An endless response broke off.");
            if (request.FaultOfPart(Encoding.Latin1.GetString(some)) is { } fault) return fault;
            left -= some.Length;
        }

        if (call.IsOneIn(2)) client.Reset();
        return null;
    }

    public static async Task<string?> AbortUploadAsync(SoakCall call)
    {
        var isChunked = call.IsOneIn(2);
        var request = call.Create("swallow", call.Number(2, 300_000));
        await using var client = await SoakHttp11.ConnectAsync(call);
        await client.SendAsync(SoakHttp11.Head(request, "POST", SoakHttp11.Framing(request, isChunked)));
        await SoakHttp11.SendAsync(client, request.RequestBody.AsMemory(0, call.Number(0, request.Sent - 1)), isChunked, "");
        if (call.IsOneIn(2)) client.Reset();
        return null;
    }
}
