using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Bench;

/// <summary>
/// A backend for what nginx cannot do as a backend: an application that answers, a generated body of any length, a body that is read and
/// discarded, and idle WebSockets. Its own cost is not counted. It reads and writes large pieces, to leave the processors to the
/// contenders.
/// </summary>
internal static class StreamBackend
{
    private const int Piece = 128 * 1024;

    private static readonly byte[] OneKilobyte = [.. Enumerable.Repeat((byte)'a', 1024)];

    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.ListenLocalhost(port, listener => listener.Protocols = HttpProtocols.Http1);
            server.Limits.MaxRequestBodySize = null;
            server.Limits.MinRequestBodyDataRate = null;
            server.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.MapGet("/ready", () => "ready");
        app.MapGet("/1k", () => Results.Bytes(OneKilobyte, "text/plain"));
        app.MapGet("/down/{length:long}", ProduceAsync);
        app.MapPut("/up", (Delegate)DiscardAsync);
        app.MapGet("/socket", HoldAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task ProduceAsync(HttpContext context, long length)
    {
        context.Response.ContentLength = length;
        var piece = new byte[Piece];
        for (var left = length; left > 0; left -= Piece)
        {
            await context.Response.Body.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, Piece)), context.RequestAborted);
        }
    }

    /// <summary>Answers the number of bytes that arrived.</summary>
    private static async Task<string> DiscardAsync(HttpContext context)
    {
        long taken = 0;
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            taken += read.Buffer.Length;
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return taken.ToString((IFormatProvider?)null);
        }
    }

    /// <summary>Sends back the first message, then waits for the end.</summary>
    private static async Task HoldAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[16];
        var first = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, first.Count), first.MessageType, first.EndOfMessage, context.RequestAborted);
        await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
    }
}
