using System.Diagnostics;
using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>One of several hosts in DATABASE_URL does not answer. After the first attempts it has no effect.</summary>
[Trait("Speed", "Slow")]
public sealed class SilentHostTests(RealStores stores)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_host_that_never_answers_is_tried_at_most_every_ten_seconds_F10(bool swallowsSyns)
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = PostgresTestDatabase.NameOf(await postgres.CreateDatabaseAsync());
        var port = FreePort.Next();
        using var swallowing = swallowsSyns ? await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Loopback, port)) : null;
        await using var silent = swallowsSyns ? null : RawServer.Start(RawResponse.Silence, new IPEndPoint(IPAddress.Loopback, port));
        var url = $"Host=127.0.0.1:{port},127.0.0.1:{postgres.Port};Username=postgres;Database={database}";
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url));
        await stage.WarmUpAsync();
        await stage.LinkAsync("ann");

        var (begun, before) = (Stopwatch.GetTimestamp(), silent?.Connections ?? 0);

        for (var i = 0; i < 30; i++) await stage.LinkAsync(Fresh.User());
        for (var i = 0; i < 30; i++) await ReadAsync(stage);

        // Each check of it delays a request by more than a second, so it is checked at most every ten seconds.
        var looks = 1 + (int)(Stopwatch.GetElapsedTime(begun) / TimeSpan.FromSeconds(10));
        Assert.InRange((silent?.Connections ?? 0) - before, 0, looks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_primary_that_falls_silent_under_load_is_replaced_by_the_promoted_standby_F10(bool swallowsSyns)
    {
        await using var first = await PostgresServer.StartAsync();
        var database = PostgresTestDatabase.NameOf(await first.CreateDatabaseAsync());
        await using var second = await PostgresServer.StandbyOfAsync(first);
        var url = $"postgresql://postgres@127.0.0.1:{first.Port},127.0.0.1:{second.Port}/{database}";
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url));
        await stage.WarmUpAsync();
        await stage.LinkAsync("ann");
        await Eventually.BecomesTrueAsync(() => second.IsInStepWithAsync(first), TimeSpan.FromSeconds(30), "the standby has the row");
        using var ends = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!ends.IsCancellationRequested) using (await stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/access-token"))
            {
            }
        })).ToArray();

        // It takes connections and says nothing; or nothing answers at its address any more.
        if (swallowsSyns) first.Kill();
        else first.Suspend();
        using var swallowing = swallowsSyns ? await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Loopback, first.Port)) : null;
        try
        {
            await second.PromoteAsync();
            await Eventually.BecomesTrueAsync(
                async () => await stage.LandAsync(await stage.StateAsync(Fresh.User()), Fresh.Code()) == CallbackRedirect.Success,
                TimeSpan.FromSeconds(60),
                "users connect again");
            await ends.CancelAsync();
            await Task.WhenAll(load);
            for (var i = 0; i < 20; i++) await ReadAsync(stage);
            for (var i = 0; i < 20; i++) await stage.LinkAsync(Fresh.User());
        }
        finally
        {
            if (!swallowsSyns) first.Resume();
        }
    }

    private static async Task ReadAsync(Stage stage)
    {
        using var answer = await stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/access-token");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
