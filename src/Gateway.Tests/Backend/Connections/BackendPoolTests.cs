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
    public async Task The_one_that_was_used_last_is_taken_first_B3()
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
    public async Task One_that_comes_back_has_been_used_B3()
    {
        var (connection, _) = await _stage.OpenAsync();
        Assert.False(connection.IsReused);

        Pool.Return(connection, hadNoBody: false);

        Assert.True(Pool.TryTake()!.IsReused);
    }

    [Fact]
    public async Task One_on_which_something_has_come_is_closed_B3_B4()
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
    public async Task One_that_the_server_has_ended_is_closed_B3(bool byReset)
    {
        var (connection, peer) = await _stage.OpenIdleAsync();
        if (byReset) peer.Close(0);
        else peer.Shutdown(SocketShutdown.Send);
        await PoolStage.IsNoticedAsync(connection);

        Assert.Null(Pool.TryTake());

        if (!byReset) await PoolStage.IsClosedAsync(peer);
    }

    [Fact]
    public async Task One_that_cannot_be_used_hides_none_that_can_B3()
    {
        var (clean, _) = await _stage.OpenIdleAsync();
        var (dirty, peer) = await _stage.OpenIdleAsync();
        await peer.SendAsync("x"u8.ToArray(), _end);
        await PoolStage.IsNoticedAsync(dirty);

        Assert.Same(clean, Pool.TryTake());
    }

    [Fact]
    public async Task One_with_bytes_behind_its_response_is_not_kept_B4()
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
    public async Task One_that_the_server_wants_to_close_is_not_kept_B4(string head)
    {
        var (connection, peer) = await _stage.OpenAsync();
        await peer.SendAsync(System.Text.Encoding.ASCII.GetBytes(head), _end);
        await connection.ReadHeadAsync(acceptsUpgrade: false, expectation: null);

        Pool.Return(connection, hadNoBody: false);

        await PoolStage.IsClosedAsync(peer);
        Assert.Null(Pool.TryTake());
    }

    [Fact]
    public async Task One_that_is_aborted_is_not_taken_whether_it_waits_or_comes_back_B3()
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
    public async Task With_the_pool_all_its_connections_end_and_none_is_opened_any_more_B3()
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
