using System.Text;
using FathomGateway.Tests.Transparency;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// Bytes behind a response that lie within TLS: decrypted, or received with it, they are no longer in the socket, where a look at it would
/// find them.
/// </summary>
public sealed class TlsFilledBufferTests
{
    private const string Stray = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nsomebody-elses";

    /// <summary>Reads are of 4 kB at first. A response that fills one exactly leaves what follows it where it is.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(8192)]
    public async Task What_lies_behind_a_response_is_given_to_nobody_B4_P8(int responseSize)
    {
        using var certificate = SelfSigned.Create();
        await using var stage = new HandlerStage(
            async exchange =>
            {
                if (exchange.Head.Target == "/next") await ProxiedBackend.EchoOfTheTarget(exchange);
                // In one record: what comes in one of its own may come after the next request, and nobody can tell it from its response.
                else await exchange.SendAsync([.. Response(responseSize), .. Encoding.ASCII.GetBytes(Stray)]);
            },
            certificate: certificate);

        Assert.Equal(responseSize, HeadSize + (await stage.GetAsync("first")).Length);

        Assert.Equal("/next", await stage.GetAsync("next", "POST"));
    }

    private static byte[] Response(int size) => Encoding.ASCII.GetBytes($"{Head(size)}{new string('x', size - HeadSize)}");

    /// <summary>The length has four digits, whatever it is.</summary>
    private static string Head(int size) => $"HTTP/1.1 200 OK\r\nContent-Length: {size - HeadSize:0000}\r\n\r\n";

    private static readonly int HeadSize = "HTTP/1.1 200 OK\r\nContent-Length: 0000\r\n\r\n".Length;
}
