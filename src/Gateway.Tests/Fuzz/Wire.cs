using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Sends raw bytes and nothing more, and takes the first answer.</summary>
internal static class Wire
{
    /// <summary>
    /// How long an answer may take before we say that nothing more will come: an input that ends too early waits for its rest.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Null where the server closed the connection without an answer.</summary>
    /// <param name="complete">The bytes are a whole request. Otherwise the sending side is closed after a pause; for a server that means
    /// that the client has gone.</param>
    public static async Task<WireMessage?> AskAsync(Uri address, byte[] bytes, bool complete = false)
    {
        await using var client = await RawClient.ConnectAsync(address);
        try
        {
            await client.SendAsync(bytes);
            var answer = client.ReadResponseAsync(bytes.AsSpan().StartsWith("HEAD "u8) ? "HEAD" : "GET");
            if (!complete && await Task.WhenAny(answer, Task.Delay(Pause)) != answer) client.FinishSending();
            return await answer;
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}
