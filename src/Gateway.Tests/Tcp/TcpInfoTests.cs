using System.Net.Sockets;
using FathomGateway.Tcp;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tcp;

/// <summary>Distinguishes a vanished peer from one that pauses.</summary>
public sealed class TcpInfoTests
{
    /// <summary>A limit for the test, in place of the product's 45 s.</summary>
    private static readonly TimeSpan ShortSilence = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The third retransmission is due after about two seconds, the third probe of a closed window after a quarter of a minute.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_TCP_peer_that_no_longer_acknowledges_has_vanished_B8()
    {
        using var pair = await TcpPair.ConnectAsync();
        await pair.Ours.SendAsync("heard"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.SkipUnless(PacketFilter.DropEverythingFor(pair.Peer), "This system has no socket filters.");

        await pair.Ours.SendAsync("lost"u8.ToArray(), TestContext.Current.CancellationToken);

        await Eventually.BecomesTrueAsync(() => TcpInfo.HasVanished(pair.Ours, ShortSilence), MaxWait, "the peer has vanished");
        Assert.False(TcpInfo.HasVanished(pair.Ours), "the real limit is longer");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_peer_that_vanishes_while_its_window_is_closed_has_vanished_B8()
    {
        using var pair = await TcpPair.ConnectAsync();
        await pair.FillAsync();
        Assert.SkipUnless(PacketFilter.DropEverythingFor(pair.Peer), "This system has no socket filters.");

        await Eventually.BecomesTrueAsync(() => TcpInfo.HasVanished(pair.Ours, ShortSilence), MaxWait, "the peer has vanished");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_peer_that_pauses_with_a_closed_window_and_answers_probes_has_not_vanished_B8()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells.");
        using var pair = await TcpPair.ConnectAsync();
        await pair.FillAsync();

        // Each answered probe makes the time since an answer short again. Four of them take the silence beyond the limit several times.
        var (answers, last, longest) = (0, TimeSpan.Zero, TimeSpan.Zero);
        await Eventually.BecomesTrueAsync(
            () =>
            {
                Assert.False(TcpInfo.HasVanished(pair.Ours, ShortSilence), "the peer pauses");
                var silence = TcpInfo.Read(pair.Ours)!.Value.Silence;
                if (silence < last) answers++;
                if (silence > longest) longest = silence;
                last = silence;
                return answers >= 4;
            },
            MaxWait,
            "four probes are answered");

        Assert.True(longest > ShortSilence, $"The silence between two answers, {longest}, put nothing to the test.");
    }

    /// <summary><c>TCP_USER_TIMEOUT</c> would end such a connection, whatever the peer answers.</summary>
    [Fact]
    public async Task No_limit_is_set_on_how_long_data_may_wait_for_a_paused_TCP_peer_B8()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The option is Linux'.");
        using var pair = await TcpPair.ConnectAsync();

        TcpKeepAlive.Enable(pair.Ours);

        const int TcpLevel = 6, UserTimeout = 18;
        var milliseconds = new byte[sizeof(int)];
        pair.Ours.GetRawSocketOption(TcpLevel, UserTimeout, milliseconds);
        Assert.Equal(0, BitConverter.ToInt32(milliseconds));
        Assert.Equal(1, pair.Ours.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
    }

    [Fact]
    public async Task A_socket_that_is_closed_or_is_no_TCP_has_not_vanished()
    {
        using var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var pair = await TcpPair.ConnectAsync();
        Assert.False(TcpInfo.HasVanished(pair.Ours, TimeSpan.Zero));
        pair.Dispose();

        Assert.False(TcpInfo.HasVanished(pair.Ours, TimeSpan.Zero));
        Assert.False(TcpInfo.HasVanished(local, TimeSpan.Zero));
    }
}
