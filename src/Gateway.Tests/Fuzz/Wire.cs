using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Sends raw bytes and nothing more, and takes the first answer.</summary>
internal static class Wire
{
    /// <summary>Null where the server closed the connection without a word.</summary>
    public static async Task<WireMessage?> AskAsync(Uri address, byte[] bytes)
    {
        await using var client = await RawClient.ConnectAsync(address);
        try
        {
            await client.SendAsync(bytes);
            client.FinishSending();
            return await client.ReadResponseAsync(bytes.AsSpan().StartsWith("HEAD "u8) ? "HEAD" : "GET");
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}
