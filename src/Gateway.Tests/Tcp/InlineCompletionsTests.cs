using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FathomGateway.Tcp;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tcp;

/// <summary>The mark of one socket, by the thread on which its operations complete.</summary>
public sealed class InlineCompletionsTests
{
    [Fact]
    public async Task A_marked_socket_completes_on_a_socket_thread_and_any_other_on_the_thread_pool()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The socket engine is that of Unix.");
        using var marked = await TcpPair.ConnectAsync();
        using var other = await TcpPair.ConnectAsync();

        InlineCompletions.Enable(marked.Ours);

        Assert.True(InlineCompletions.IsSupported);
        Assert.True(await CompletesOnSocketThreadAsync(marked));
        Assert.False(await CompletesOnSocketThreadAsync(other));
    }

    [Fact]
    public async Task A_socket_is_marked_while_it_waits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The socket engine is that of Unix.");
        using var pair = await TcpPair.ConnectAsync();

        Assert.True(await CompletesOnSocketThreadAsync(pair, InlineCompletions.Enable));
    }

    [Fact]
    public void A_runtime_without_inline_completions_for_single_sockets_is_recognised() =>
        Assert.False(InlineCompletions.Supports(static socket => SetWhatIsNotThere(socket, true)));

    private static async Task<bool> CompletesOnSocketThreadAsync(TcpPair pair, Action<Socket>? whileWaiting = null)
    {
        var thread = ThreadOfReceiveAsync(pair.Ours);
        whileWaiting?.Invoke(pair.Ours);
        await pair.Peer.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        return await thread;
    }

    private static async Task<bool> ThreadOfReceiveAsync(Socket socket)
    {
        await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).ConfigureAwait(false);
        return SocketThread.IsCurrent;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_WhatALaterRuntimeDoesWithout")]
    private static extern void SetWhatIsNotThere(Socket socket, bool value);
}
