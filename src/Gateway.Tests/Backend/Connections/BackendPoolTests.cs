using System.Net.Sockets;
using FathomGateway.Backend;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Which idle connection the pool reuses, and which ones it does not.</summary>
public sealed class BackendPoolTests : IDisposable
{
    private readonly PoolStage _stage = new();
    private readonly CancellationToken _end = TestContext.Current.CancellationToken;

    private BackendPool Pool => _stage.Pool;

    [Fact]
    public async Task The_connection_that_was_used_last_is_taken_first_B3()
    {
        var (first, _) = await _stage.OpenAsync();
        var (second, _) = await _stage.OpenAsync();
        var (third, _) = await _stage.OpenAsync();
        foreach (var one in new[] { second, first, third }) Pool.Return(one, hadNoBody: false);

        Assert.Same(third, Pool.TryTake());
        Assert.Same(first, Pool.TryTake());
        Pool.Return(third, hadNoBody: false);
        Assert.Same(third, Pool.TryTake());
        Assert.Same(second, Pool.TryTake());
        Assert.Null(Pool.TryTake());
    }

    [Fact]
    public async Task A_returned_connection_is_marked_as_reused_B3()
    {
        var (connection, _) = await _stage.OpenAsync();
        Assert.False(connection.IsReused);

        Pool.Return(connection, hadNoBody: false);

        Assert.True(Pool.TryTake()!.IsReused);
    }

    [Fact]
    public async Task An_idle_connection_that_has_received_bytes_is_closed_B3_B4()
    {
        var (connection, peer) = await _stage.OpenIdleAsync();
        await peer.SendAsync("x"u8.ToArray(), _end);
        await PoolStage.IsNoticedAsync(connection);

        Assert.Null(Pool.TryTake());

        await PoolStage.IsClosedAsync(peer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_idle_connection_that_the_server_has_ended_is_closed_B3(bool byReset)
    {
        var (connection, peer) = await _stage.OpenIdleAsync();
        if (byReset) peer.Close(0);
        else peer.Shutdown(SocketShutdown.Send);
        await PoolStage.IsNoticedAsync(connection);

        Assert.Null(Pool.TryTake());

        if (!byReset) await PoolStage.IsClosedAsync(peer);
    }

    [Fact]
    public async Task An_unusable_connection_does_not_hide_a_usable_one_B3()
    {
        var (clean, _) = await _stage.OpenIdleAsync();
        var (dirty, peer) = await _stage.OpenIdleAsync();
        await peer.SendAsync("x"u8.ToArray(), _end);
        await PoolStage.IsNoticedAsync(dirty);

        Assert.Same(clean, Pool.TryTake());
    }

    [Fact]
    public async Task A_connection_with_extra_bytes_after_its_response_is_closed_B4()
    {
        var (connection, peer) = await _stage.OpenAsync();
        await peer.SendAsync("HTTP/1.1 204 No Content\r\n\r\nx"u8.ToArray(), _end);
        await connection.ReadHeadAsync(acceptsUpgrade: false, expectation: null);

        Pool.Return(connection, hadNoBody: true);

        Assert.Null(Pool.TryTake());
        await PoolStage.IsClosedAsync(peer);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.0 204 No Content\r\n\r\n")]
    public async Task A_connection_that_the_server_says_it_closes_is_not_kept_B4(string head)
    {
        var (connection, peer) = await _stage.OpenAsync();
        await peer.SendAsync(System.Text.Encoding.ASCII.GetBytes(head), _end);
        await connection.ReadHeadAsync(acceptsUpgrade: false, expectation: null);

        Pool.Return(connection, hadNoBody: false);

        await PoolStage.IsClosedAsync(peer);
        Assert.Null(Pool.TryTake());
    }

    [Fact]
    public async Task An_aborted_connection_is_not_taken_whether_it_is_idle_or_returned_B3()
    {
        var (waiting, waitingPeer) = await _stage.OpenIdleAsync();
        waiting.Abort();
        var (coming, comingPeer) = await _stage.OpenAsync();
        coming.Abort();
        Pool.Return(coming, hadNoBody: false);

        Assert.Null(Pool.TryTake());

        await PoolStage.IsClosedAsync(waitingPeer);
        await PoolStage.IsClosedAsync(comingPeer);
    }

    [Fact]
    public async Task A_disposed_pool_closes_all_its_connections_and_opens_no_more_B3()
    {
        var (_, waiting) = await _stage.OpenIdleAsync();
        var (used, usedPeer) = await _stage.OpenAsync();
        var (later, laterPeer) = await _stage.OpenAsync();

        Pool.Dispose();

        foreach (var peer in new[] { waiting, usedPeer, laterPeer }) await PoolStage.IsClosedAsync(peer);
        Pool.Return(used, hadNoBody: false);
        later.Dispose();
        Assert.Null(Pool.TryTake());
        var opening = _stage.OpenAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => opening);
    }

    public void Dispose() => _stage.Dispose();
}
