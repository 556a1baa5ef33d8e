using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>
/// PostgreSQL whose answers come in several segments, as those about long tokens do. The driver waits for the rest of a row synchronously:
/// on a thread of the pool, where it does not delay others.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class SegmentedPostgresResponseTests(RealStores stores) : IAsyncDisposable
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly RecordingBackend _backend = RecordingBackend.Start();

    [Fact]
    public async Task A_database_response_that_comes_in_pieces_blocks_no_other_request_P1_F9()
    {
        var database = await stores.NewDatabaseAsync();
        await using var path = FaultProxy.Start(new Uri(database).Port);
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.OnRealStores(
            await stores.RedisAsync(),
            PostgresTestDatabase.Through(database, path.Port),
            [.. _provider.Settings, ("BACKEND_URL", $"{_backend.Address}"), ("PUBLIC_STATUS", "true")]));
        await gateway.WarmUpAsync();
        var user = Fresh.User();
        var state = await gateway.StateAsync(user);

        (path.FromServer.Drip, path.FromServer.DripSize) = (TimeSpan.FromMilliseconds(20), 100);

        Assert.Equal(CallbackRedirect.Success, await BesidesAsync(gateway, () => gateway.LandAsync(state, Fresh.Code())));
        foreach (var target in (string[])["access-token", "access-token?rejected_version=1", ""])
        {
            using var answer =
                await BesidesAsync(gateway, () => gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/{target}".TrimEnd('/')));
            Assert.True(answer.IsSuccessStatusCode, $"{target}: {answer}");
        }

        using var status =
            new HttpRequestMessage(HttpMethod.Get, "fathom/status") { Headers = { { "Authorization", $"Bearer {Jwt.For(user)}" } } };
        using var told = await BesidesAsync(gateway, () => gateway.Client.SendAsync(status));
        Assert.True(told.IsSuccessStatusCode, $"{told}");
        using var ended = await BesidesAsync(gateway, () => gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}"));
        Assert.True(ended.IsSuccessStatusCode, $"{ended}");
    }

    public async ValueTask DisposeAsync()
    {
        _provider.Dispose();
        await _backend.DisposeAsync();
    }

    /// <summary>Asks, and while that is under way others are forwarded.</summary>
    private static async Task<T> BesidesAsync<T>(GatewayProcess gateway, Func<Task<T>> ask)
    {
        var answer = ask();
        do
        {
            Assert.Equal("backend", await gateway.Client.GetStringAsync("anything"));
        }
        while (!answer.IsCompleted);

        return await answer;
    }
}
