using System.Net;

namespace FathomGateway.Tests.Soak;

/// <summary>The same over HTTP/2: its requests share a connection, and a stream that breaks off must not harm the others.</summary>
internal static class SoakHttp2
{
    private const int MaxLength = 60_000;

    public static async Task<string?> WholeAsync(SoakCall call)
    {
        var method = call.Pick("GET", "POST", "PUT");
        var (sent, length) = (method == "GET" ? 0 : call.Number(1, MaxLength), call.Number(0, MaxLength));
        var request = call.Create("whole", sent, length, call.Pick("length", "chunked", "close", "interim"));
        using var content = method == "GET" ? null : new SoakContent(request.RequestBody, isAnnounced: call.IsOneIn(2));
        content?.Continue();
        using var response = await SendAsync(call, request, method, content);
        if (await FaultAsync(request, response, 200, request.ResponseBody) is { } fault) return fault;
        var trailer = response.TrailingHeaders.TryGetValues(SoakRequest.Trailer, out var values) ? string.Join(',', values) : null;
        return request.Variant != "chunked" || trailer == request.Id ? null : $"the trailer {trailer}";
    }

    /// <summary>The answer must come although the second half of the body is held back until it does.</summary>
    public static async Task<string?> EarlyAsync(SoakCall call)
    {
        var request = call.Create("early", call.Number(2, 4 * MaxLength), call.Number(0, MaxLength), call.Pick("close", "open"));
        using var content = new SoakContent(request.RequestBody, isAnnounced: call.IsOneIn(2));
        using var response = await SendAsync(call, request, "POST", content);
        content.Continue();
        return await FaultAsync(request, response, 413, request.ResponseBody);
    }

    /// <summary>The first half begins to come back before the second is sent.</summary>
    public static async Task<string?> DuplexAsync(SoakCall call)
    {
        var request = call.Create("duplex", call.Number(2, 4 * MaxLength));
        using var content = new SoakContent(request.RequestBody, isAnnounced: call.IsOneIn(2));
        using var response = await SendAsync(call, request, "POST", content);
        content.Continue();
        return await FaultAsync(request, response, 200, request.RequestBody);
    }

    public static async Task<string?> CutAsync(SoakCall call)
    {
        var request = call.Create("cut", 0, call.Number(2, 100_000), call.Pick<string>(SoakHttp11Failures.Cuts));
        var (text, status) = ("", 0);
        try
        {
            using var response = await SendAsync(call, request, call.Pick("GET", "POST"), null);
            status = (int)response.StatusCode;
            if (status == 502 && response.Headers.Contains("X-Gateway-Error")) return null;
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            var buffer = new char[MaxLength];
            while (await reader.ReadAsync(buffer) is > 0 and var read) text += new string(buffer, 0, read);
            return $"a clean end after {text.Length} of {request.Length} bytes of a {status}";
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException && !SoakHttp11Failures.IsBeforeTheHead(request))
        {
            return request.FaultOfPart(text);
        }
    }

    public static async Task<string?> BodilessAsync(SoakCall call)
    {
        var request = call.Create("bodiless", variant: $"HEAD-{call.Pick(0, call.Number(1, SoakBadResponses.MaxDelay))}");
        using var response = await SendAsync(call, request, "HEAD", null);
        return await FaultAsync(request, response, 200, []);
    }

    public static async Task<string?> AbortDownloadAsync(SoakCall call)
    {
        var request = call.Create("endless", 0, 20_000);
        using var response = await SendAsync(call, request, "GET", null);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var buffer = new char[MaxLength];
        for (var left = call.Number(-50_000, 300_000); left > 0;)
        {
            var read = await reader.ReadAsync(buffer);
            if (read == 0) throw new EndOfStreamException("An endless response broke off.");
            if (request.FaultOfPart(new string(buffer, 0, read)) is { } fault) return fault;
            left -= read;
        }

        return null;
    }

    public static async Task<string?> AbortUploadAsync(SoakCall call)
    {
        var request = call.Create("swallow", call.Number(2, 4 * MaxLength));
        using var abort = new CancellationTokenSource();
        using var content = new SoakContent(request.RequestBody, isAnnounced: call.IsOneIn(2));
        var sending = SendAsync(call, request, "POST", content, abort.Token);
        await Task.WhenAny(sending, content.Half);
        await abort.CancelAsync();
        try
        {
            using var response = await sending;
            return $"an upload that was broken off was answered by {(int)response.StatusCode}";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static Task<HttpResponseMessage> SendAsync(
        SoakCall call, SoakRequest request, string method, HttpContent? content, CancellationToken cancel = default)
    {
        var message = new HttpRequestMessage(new HttpMethod(method), request.Target)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return call.At.Http2.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private static async Task<string?> FaultAsync(SoakRequest request, HttpResponseMessage response, int status, byte[] body)
    {
        var answered = (int)response.StatusCode;
        if (response.Headers.TryGetValues("X-Gateway-Error", out var errors)) throw new IOException($"{answered} {errors.First()}");
        var received = await response.Content.ReadAsByteArrayAsync();
        return request.FaultOf(answered, status, response.Headers.TryGetValues("X-Id", out var ids) ? ids : [], body, received);
    }
}
