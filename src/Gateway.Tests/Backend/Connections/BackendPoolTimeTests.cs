using FathomGateway.Backend;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Idle timeout, pause and lifetime of a connection. No connection is kept for ever.</summary>
public sealed class BackendPoolTimeTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly PoolStage _stage = new();

    private BackendPool Pool => _stage.Pool;

    [Fact]
    public async Task An_idle_connection_is_kept_for_three_seconds_B3()
    {
        var (connection, peer) = await _stage.OpenIdleAsync();
        _stage.Clock.Advance(TimeSpan.FromSeconds(3) - Moment);
        Assert.Same(connection, Pool.TryTake());

        Pool.Return(connection, hadNoBody: false);
        _stage.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Null(Pool.TryTake());
        await PoolStage.IsClosedAsync(peer);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_although_no_request_asks_for_one_B10()
    {
        var peers = new[] { (await _stage.OpenIdleAsync()).Peer, (await _stage.OpenIdleAsync(hadNoBody: true)).Peer };

        _stage.Clock.Advance(TimeSpan.FromSeconds(4));

        foreach (var peer in peers) await PoolStage.IsClosedAsync(peer);
    }

    /// <summary>The look at idle connections begins again after a time without any.</summary>
    [Fact]
    public async Task Idle_connections_are_closed_again_after_a_time_without_any_B10()
    {
        for (var round = 0; round < 3; round++)
        {
            var (_, peer) = await _stage.OpenIdleAsync();
            _stage.Clock.Advance(TimeSpan.FromSeconds(4));
            await PoolStage.IsClosedAsync(peer);
            _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Theory]
    [InlineData(-1, 3000)]
    [InlineData(100, 3000)]
    [InlineData(int.MaxValue, 3000)]
    [InlineData(4, 3000)]
    [InlineData(3, 2000)]
    [InlineData(2, 1000)]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    public async Task A_connection_is_closed_a_second_before_the_server_closes_it_B3(int keepAliveSeconds, int milliseconds)
    {
        var (connection, peer) = await _stage.OpenAsync();
        connection.Head.KeepAliveSeconds = keepAliveSeconds;
        if (milliseconds > 0)
        {
            Pool.Return(connection, hadNoBody: false);
            _stage.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Moment);
            Assert.Same(connection, Pool.TryTake());
        }

        Pool.Return(connection, hadNoBody: false);
        _stage.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Null(Pool.TryTake());
        await PoolStage.IsClosedAsync(peer);
    }

    /// <summary>A request every two seconds keeps it from being idle.</summary>
    [Fact]
    public async Task A_connection_that_is_always_busy_is_closed_after_five_minutes_B7()
    {
        var (connection, peer) = await _stage.OpenIdleAsync();
        for (var time = TimeSpan.Zero; time < TimeSpan.FromMinutes(5); time += TimeSpan.FromSeconds(2))
        {
            Assert.Same(connection, Pool.TryTake());
            Assert.True(PoolStage.IsOpen(peer));
            _stage.Clock.Advance(TimeSpan.FromSeconds(2));
            Pool.Return(connection, hadNoBody: false);
        }

        await PoolStage.IsClosedAsync(peer);
        Assert.Null(Pool.TryTake());
    }

    /// <summary>Its exchange may last: a stream of events, a long download.</summary>
    [Fact]
    public async Task A_connection_in_use_is_not_closed_however_old_it_is_B8()
    {
        var (connection, peer) = await _stage.OpenAsync();

        _stage.Clock.Advance(TimeSpan.FromHours(1));

        Assert.True(PoolStage.IsOpen(peer));
        Pool.Return(connection, hadNoBody: false);
        await PoolStage.IsClosedAsync(peer);
    }

    [Fact]
    public async Task A_connection_is_not_reused_for_half_a_second_after_a_response_without_a_body_B4()
    {
        var (connection, _) = await _stage.OpenIdleAsync(hadNoBody: true);

        Assert.Null(Pool.TryTake());
        _stage.Clock.Advance(TimeSpan.FromMilliseconds(500) - Moment);
        Assert.Null(Pool.TryTake());
        _stage.Clock.Advance(Moment);
        Assert.Same(connection, Pool.TryTake());

        // The next response has a body.
        Pool.Return(connection, hadNoBody: false);
        Assert.Same(connection, Pool.TryTake());
    }

    [Fact]
    public async Task A_delayed_connection_does_not_hide_a_usable_one_B4()
    {
        var (usable, _) = await _stage.OpenIdleAsync();
        var (delayed, _) = await _stage.OpenIdleAsync(hadNoBody: true);

        Assert.Same(usable, Pool.TryTake());
        Assert.Null(Pool.TryTake());
        _stage.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Same(delayed, Pool.TryTake());
    }

    public void Dispose() => _stage.Dispose();
}
