using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// The connections that a whole gateway holds to its backend: one for each concurrent request, and none for ever.
/// </summary>
public sealed class ConnectionLifetimeTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private RecordedConnections _backend = null!;
    private GatewayUnderTest _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _backend = new RecordedConnections();
        _gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{_backend.Address}")), _clock);
    }

    [Fact]
    public async Task Sequential_requests_share_a_connection_that_is_replaced_after_five_minutes_B7_B10()
    {
        var requests = 0;
        for (var time = TimeSpan.Zero; time < TimeSpan.FromMinutes(11); time += TimeSpan.FromSeconds(2), requests++)
        {
            Assert.Equal("/x", await _gateway.Client.GetStringAsync("x", TestContext.Current.CancellationToken));
            // The exchange can be over for the client a moment before its connection is back.
            await Eventually.BecomesTrueAsync(() => _backend.Open <= 2, Limit, "connections are used again, and closed");
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        // Two lifetimes have passed.
        Assert.InRange(_backend.Opened, 3, requests / 4);
        Assert.Equal(requests, _backend.Requests);
    }

    [Fact]
    public async Task All_connections_of_concurrent_requests_are_closed_when_idle_B10()
    {
        const int Count = 20;
        var all = new TaskCompletionSource();
        _backend.BeforeEachAnswer = () =>
        {
            if (_backend.Requests == Count) all.TrySetResult();
            return all.Task;
        };
        var responses = Enumerable.Range(0, Count).Select(_ => _gateway.Client.GetStringAsync("x", TestContext.Current.CancellationToken));
        Assert.Equal(Count, (await Task.WhenAll(responses)).Length);
        Assert.Equal(Count, _backend.Opened);

        await Eventually.BecomesTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _backend.Open == 0;
            },
            Limit,
            "none is left");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }
}
