using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>Scripts of the backend for connections that change their protocol: both send back what comes.</summary>
internal static class SoakUpgrades
{
    /// <summary>Ends when the client does, or by itself after so many bytes, in good order or by a reset.</summary>
    public static async Task EchoAsync(RawExchange exchange, SoakRequest request)
    {
        var most = request.Variant is "backend" or "backend-resets" ? request.Length : int.MaxValue;
        await exchange.SendAsync(SoakResponses.Head(request, "101 Switching Protocols", "Connection: Upgrade\r\nUpgrade: soak"));
        for (var echoed = 0; echoed < most;)
        {
            var some = await exchange.ReadSomeAsync();
            if (some.Length == 0) break;
            var length = Math.Min(some.Length, most - echoed);
            await exchange.SendAsync(some.AsMemory(0, length));
            echoed += length;
        }

        if (request.Variant == "backend-resets") exchange.Reset();
        else exchange.Close();
    }

    public static async Task WebSocketAsync(RawExchange exchange)
    {
        // RFC 6455, section 4.2.2.
#pragma warning disable CA5350 // The RFC's choice.
        var accept = Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes($"{exchange.Head.Value("Sec-WebSocket-Key")}258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await exchange.SendAsync(
            $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        using var socket = WebSocket.CreateFromStream(exchange.Stream, new WebSocketCreationOptions { IsServer = true });
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, exchange.ServerEnds) is { MessageType: not WebSocketMessageType.Close } message)
            {
                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, exchange.ServerEnds);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, exchange.ServerEnds);
        }
        catch (WebSocketException)
        {
            // The client, or the gateway in front of it, is gone.
        }

        exchange.Close();
    }
}
