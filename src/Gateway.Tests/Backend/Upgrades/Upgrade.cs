using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Backend;

/// <summary>What is said when a connection changes to WebSocket, where only the bytes behind it matter.</summary>
internal static class Upgrade
{
    public const string Request =
        "GET /socket HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    public const string Accepted =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    /// <summary>A client whose connection has been upgraded.</summary>
    public static async Task<RawClient> ConnectAsync(ProxiedBackend proxied, string behind = "")
    {
        var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Request + behind);
        var head = await client.ReadHeadAsync();
        return head.Status == 101 ? client : throw new InvalidOperationException($"The upgrade was answered by {head.StartLine}.");
    }
}
