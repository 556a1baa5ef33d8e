using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// A backend that refuses an upload of 20 MB unread: the client gets the answer, whatever the backend does with the unread body.
/// </summary>
public sealed class EarlyRefusalTests
{
    private const long Length = 20_000_000;

    private const string Refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n";

    /// <summary>What the backend does when it has read the head.</summary>
    public enum Mode
    {
        /// <summary>Says that it closes, and does so with the body unread: the kernel resets the connection.</summary>
        ClosesAtOnce,

        /// <summary>The same, without Connection: close.</summary>
        ClosesWithoutSayingSo,

        /// <summary>Ends its own side and reads on.</summary>
        HalfClosesAndDrains,

        /// <summary>Reads the body to its end and would take the next request.</summary>
        KeepsOpenAndDrains,

        /// <summary>Neither reads nor closes.</summary>
        KeepsOpenUnread,

        /// <summary>The answer's length is its end.</summary>
        ClosesAfterABodyOfNoLength,
    }

    public static MatrixTheoryData<ClientProtocol, Mode, bool> OverTcp() =>
        new(Enum.GetValues<ClientProtocol>(), Enum.GetValues<Mode>(), [false, true]);

    /// <summary>HTTP over TLS has no half-close.</summary>
    public static MatrixTheoryData<ClientProtocol, Mode, bool> OverTls() =>
        new(Enum.GetValues<ClientProtocol>(), Enum.GetValues<Mode>().Where(mode => mode != Mode.HalfClosesAndDrains), [false, true]);

    [Theory]
    [MemberData(nameof(OverTcp))]
    public async Task The_refusal_of_an_upload_is_passed_on_whatever_becomes_of_the_rest_B1(
        ClientProtocol protocol, Mode mode, bool chunked)
    {
        await using var proxied = await ProxiedBackend.StartAsync(exchange => RefuseAsync(exchange, mode));

        var answer = await Upload.SendAsync(proxied, protocol, chunked, Length);

        Assert.Equal(new Upload.Response(413, "big", null), answer);
    }

    [Theory]
    [MemberData(nameof(OverTls))]
    public async Task The_refusal_of_an_upload_is_passed_on_over_TLS_to_the_backend_B1(ClientProtocol protocol, Mode mode, bool chunked)
    {
        await using var proxied = await ProxiedBackend.StartAsync(exchange => RefuseAsync(exchange, mode), tls: true);

        var answer = await Upload.SendAsync(proxied, protocol, chunked, Length);

        Assert.Equal(new Upload.Response(413, "big", null), answer);
    }

    [Theory]
    [InlineData(ClientProtocol.Http11, false)]
    [InlineData(ClientProtocol.Http11, true)]
    [InlineData(ClientProtocol.Http2, false)]
    [InlineData(ClientProtocol.Http2, true)]
    public async Task A_backend_that_breaks_off_an_upload_without_a_word_is_a_502_B1_F21(ClientProtocol protocol, bool reset)
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.ReadSomeAsync();
            if (reset) exchange.Reset();
            else exchange.Close();
        });

        var answer = await Upload.SendAsync(proxied, protocol, chunked: false, Length);

        Assert.Equal((502, ""), (answer.Status, answer.Body));
        Assert.NotNull(answer.GatewayError);
        Assert.Equal(1, proxied.Backend.Requests);
    }

    private static async Task RefuseAsync(RawExchange exchange, Mode mode)
    {
        var says = mode is Mode.ClosesAtOnce or Mode.HalfClosesAndDrains ? "Connection: close\r\n" : "";
        await exchange.SendAsync(mode == Mode.ClosesAfterABodyOfNoLength ? "HTTP/1.1 413 Big\r\n\r\nbig" : $"{Refusal}{says}\r\nbig");
        if (mode == Mode.HalfClosesAndDrains) exchange.FinishSending();
        if (mode is Mode.HalfClosesAndDrains or Mode.KeepsOpenAndDrains) await exchange.IsEndedByPeerAsync();
        if (mode == Mode.KeepsOpenUnread) await Task.Delay(Timeout.Infinite, exchange.ServerEnds);
        exchange.Close();
    }
}
