using FathomGateway.Tests.Kit;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.Leaks;

/// <summary>All flows and their failures at Trace level; then the search for every secret in every place.</summary>
public sealed class CanaryTests(RealStores stores)
{
    private const string User = "canary-of-the-control-b51f";

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task After_all_flows_no_secret_is_in_any_log_trace_metric_answer_or_store_T10_T23()
    {
        await using var world = await LeakStage.StartAsync(stores);
        await world.ServeAsync(async gateway =>
        {
            var flows = new Flows(world, gateway);
            await flows.ConnectAsync(User);
            await flows.UseAsync(User);
            await flows.WithoutTableAsync($"{User}-table");
            await flows.WithoutRedisAsync($"{User}-redis");
            await gateway.Client.GetAsync($"proxied/{User}", TestContext.Current.CancellationToken);
            await Eventually.BecomesTrueAsync(
                () => world.Collector.Traces.Contains($"/proxied/{User}", StringComparison.Ordinal),
                TimeSpan.FromMinutes(1),
                "the spans arrive");
        });
        await world.ServeAsync(gateway => new Flows(world, gateway).ConfirmAsync($"{User}-confirm"), ("LINK_BINDING", "confirm"));
        await world.ServeAsync(
            gateway => new Flows(world, gateway).CookieAsync($"{User}-cookie"),
            ("LINK_BINDING", "cookie"),
            ("BACKEND_URL", "http://127.0.0.1:9"));
        var next = TestSettings.NewKey("k2");
        world.AddKey(next);
        world.Settings["TOKEN_ENCRYPTION_KEYS"] = $"{next},{world.Settings["TOKEN_ENCRYPTION_KEYS"]}";
        await world.CommandAsync("doctor");
        await world.CommandAsync("doctor", "--json");
        await world.CommandAsync("keys", "reencrypt");

        foreach (var request in world.Provider.TokenRequests.Where(request => request.Field("code_verifier").Length > 0))
            world.Canaries.Add("verifier", request.Field("code_verifier"));
        var database = await RealStores.DumpAsync(world.DatabaseUrl);
        var redis = await DumpAsync(world.Redis) + world.Monitor.Heard;
        var places = new Dictionary<string, string>
        {
            ["logs"] = world.Output,
            ["traces"] = world.Collector.Traces,
            ["answers"] = world.Answers,
            ["database"] = database,
            ["Redis"] = redis
        };

        // Verifiers are needed at the callback, live ten minutes in Redis and are worth nothing without the code.
        var found = places.SelectMany(place => world.Canaries.FoundIn(place.Value)
            .Where(one => !(place.Key == "Redis" && one.StartsWith("verifier", StringComparison.Ordinal)))
            .Select(one => $"{place.Key}: {one}")).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));

        // These are the right places, and what does stand in them is found: a user's id, which is no secret.
        Assert.All(places.Where(place => place.Key != "answers"), place => Assert.Contains(User, place.Value, StringComparison.Ordinal));
        Assert.Contains("fathom_error=exchange_failed", world.Answers, StringComparison.Ordinal);
        Assert.Contains("_total", world.Answers, StringComparison.Ordinal);
        Assert.Contains("dbug: Microsoft.AspNetCore", world.Output, StringComparison.Ordinal);
        Assert.Contains("relation \"fathom_connections\" does not exist", world.Output, StringComparison.OrdinalIgnoreCase);
        foreach (var audited in (string[])
        [
            "was linked", "was not linked", "was disconnected", "has to reconnect", "was confirmed by user", "internal API key was used"
        ]) Assert.Contains(audited, world.Output, StringComparison.Ordinal);
        Assert.Contains("v1:k2:", database, StringComparison.Ordinal);
        Assert.DoesNotContain("v1:k1:", database, StringComparison.Ordinal);

        // The ciphertext is that of a canary.
        await world.ServeAsync(async gateway =>
        {
            var (_, body) = await new Flows(world, gateway).InternalAsync("GET", $"connections/{User}-cookie/access-token");
            Assert.NotEmpty(world.Canaries.FoundIn(body));
        });
    }

    [Fact]
    public void The_search_finds_a_leak_in_every_spelling_T10()
    {
        var canaries = new Canaries();
        var secret = canaries.Add("secret", "canary/of+the~search?é");

        foreach (var spelling in Canaries.Spellings(secret)) Assert.NotEmpty(canaries.FoundIn($"a line with {spelling} in it"));
        foreach (var before in (string[])["", "a", "ab", "{\"token\":\""])
        {
            var packed = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{before}{secret}\"}} and more"));
            Assert.NotEmpty(canaries.FoundIn($"a line with {packed}"));
        }

        Assert.Empty(canaries.FoundIn("a line with canary/of+the~searc in it"));
    }

    /// <summary>Every key with its value as Redis itself would write it to a disk: all types, all bytes.</summary>
    private static async Task<string> DumpAsync(RedisServer redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var keys = connection.GetServers()[0].Keys().ToArray();
        return string.Join(
            '\n', keys.Select(key => $"{key} = {System.Text.Encoding.Latin1.GetString(connection.GetDatabase().KeyDump(key) ?? [])}"));
    }
}
