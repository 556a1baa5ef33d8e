using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class ClockSkewTests(RealStores stores)
{
    [Fact]
    public async Task Replicas_whose_clocks_are_ten_minutes_apart_serve_one_user_together_F22()
    {
        using var provider = ScriptedProvider.Start();
        var database = await stores.NewDatabaseAsync();
        var settings = TestSettings.OnRealStores(await stores.RedisAsync(), database, provider.Settings);
        await using var fast = await GatewayProcess.StartAsync(WithClock(settings, "+300s"));
        await using var slow = await GatewayProcess.StartAsync(WithClock(settings, "-300s"));
        await Task.WhenAll(fast.WarmUpAsync(), slow.WarmUpAsync());
        Assert.True(DateOf(await fast.Client.GetAsync("fathom/connect")) - DateOf(await slow.Client.GetAsync("fathom/connect")) > TimeSpan.FromMinutes(9), "the clocks are apart");

        var (one, other) = (Fresh.User(), Fresh.User());
        Assert.Equal(Landing.Success, await slow.LandAsync(await fast.StateAsync(one), Fresh.Code()));
        Assert.Equal(Landing.Success, await fast.LandAsync(await slow.StateAsync(other), Fresh.Code()));

        // Times of rows are the database's, whoever wrote them.
        // Theirs, and those that the two were warmed up with.
        var rows = (long)(await PostgresDatabase.QueryAsync(database, "SELECT count(*) FROM fathom_connections"))!;
        Assert.Equal(rows, await PostgresDatabase.QueryAsync(
            database, "SELECT count(*) FROM fathom_connections WHERE expires_at = issued_at + interval '1 hour' AND now() - issued_at BETWEEN interval '0' AND interval '4 minutes'"));
    }

    private static DateTimeOffset DateOf(HttpResponseMessage response) => response.Headers.Date!.Value;

    private static Dictionary<string, string?> WithClock(Dictionary<string, string?> settings, string offset) => new(settings)
    {
        ["LD_PRELOAD"] = Programs.Find(
            "libfaketimeMT.so.1", "apt-get install libfaketime", Directory.GetDirectories("/usr/lib").Append("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))),
        ["FAKETIME"] = offset,
        // Timers go by the monotonic clock, which no operator sets.
        ["DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };
}
