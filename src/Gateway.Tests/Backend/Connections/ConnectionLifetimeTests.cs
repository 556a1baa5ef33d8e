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
    public async Task One_request_after_the_other_needs_one_connection_and_leaves_it_after_five_minutes_B7_B10()
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
    public async Task After_a_crowd_all_connections_are_closed_B10()
    {
        const int Crowd = 20;
        var all = new TaskCompletionSource();
        _backend.BeforeEachAnswer = () =>
        {
            if (_backend.Requests == Crowd) all.TrySetResult();
            return all.Task;
        };
        var crowd = Enumerable.Range(0, Crowd).Select(_ => _gateway.Client.GetStringAsync("x", TestContext.Current.CancellationToken));
        Assert.Equal(Crowd, (await Task.WhenAll(crowd)).Length);
        Assert.Equal(Crowd, _backend.Opened);

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
