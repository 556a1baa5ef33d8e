using FathomGateway.Tests.Kit;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.Leaks;

/// <summary>All flows and their failures at Trace level; then the search for every secret in every place.</summary>
public sealed class TrackedSecretsTests(RealStores stores)
{
    private const string User = "canary-of-the-control-b51f";

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task No_secret_of_any_flow_is_in_a_log_trace_metric_response_or_store_T10_T23()
    {
        await using var stage = await LeakStage.StartAsync(stores);
        await stage.ServeAsync(async gateway =>
        {
            var flows = new Flows(stage, gateway);
            await flows.ConnectAsync(User);
            await flows.UseAsync(User);
            await flows.WithoutTableAsync($"{User}-table");
            await flows.WithoutRedisAsync($"{User}-redis");
            await gateway.Client.GetAsync($"proxied/{User}", TestContext.Current.CancellationToken);
            await Eventually.BecomesTrueAsync(
                () => stage.Collector.Traces.Contains($"/proxied/{User}", StringComparison.Ordinal),
                TimeSpan.FromMinutes(1),
                "the spans arrive");
        });
        await stage.ServeAsync(gateway => new Flows(stage, gateway).ConfirmAsync($"{User}-confirm"), ("LINK_BINDING", "confirm"));
        await stage.ServeAsync(
            gateway => new Flows(stage, gateway).CookieAsync($"{User}-cookie"),
            ("LINK_BINDING", "cookie"),
            ("BACKEND_URL", "http://127.0.0.1:9"));
        var next = TestSettings.NewKey("k2");
        stage.AddKey(next);
        stage.Settings["TOKEN_ENCRYPTION_KEYS"] = $"{next},{stage.Settings["TOKEN_ENCRYPTION_KEYS"]}";
        await stage.CommandAsync("doctor");
        await stage.CommandAsync("doctor", "--json");
        await stage.CommandAsync("keys", "reencrypt");

        foreach (var request in stage.Provider.TokenRequests.Where(request => request.Field("code_verifier").Length > 0))
            stage.Secrets.Add("verifier", request.Field("code_verifier"));
        var database = await RealStores.DumpAsync(stage.DatabaseUrl);
        var redis = await DumpAsync(stage.Redis) + stage.Monitor.Heard;
        var places = new Dictionary<string, string>
        {
            ["logs"] = stage.Output,
            ["traces"] = stage.Collector.Traces,
            ["answers"] = stage.Answers,
            ["database"] = database,
            ["Redis"] = redis
        };

        // Verifiers are needed at the callback, live ten minutes in Redis and are worth nothing without the code.
        var found = places.SelectMany(place => stage.Secrets.FoundIn(place.Value)
            .Where(one => !(place.Key == "Redis" && one.StartsWith("verifier", StringComparison.Ordinal)))
            .Select(one => $"{place.Key}: {one}")).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));

        // These are the right places, and what does stand in them is found: a user's id, which is no secret.
        Assert.All(places.Where(place => place.Key != "answers"), place => Assert.Contains(User, place.Value, StringComparison.Ordinal));
        Assert.Contains("fathom_error=exchange_failed", stage.Answers, StringComparison.Ordinal);
        Assert.Contains("_total", stage.Answers, StringComparison.Ordinal);
        Assert.Contains("dbug: Microsoft.AspNetCore", stage.Output, StringComparison.Ordinal);
        Assert.Contains("relation \"fathom_connections\" does not exist", stage.Output, StringComparison.OrdinalIgnoreCase);
        foreach (var audited in (string[])
        [
            "was linked", "was not linked", "was disconnected", "has to reconnect", "was confirmed by user", "internal API key was used"
        ]) Assert.Contains(audited, stage.Output, StringComparison.Ordinal);
        Assert.Contains("v1:k2:", database, StringComparison.Ordinal);
        Assert.DoesNotContain("v1:k1:", database, StringComparison.Ordinal);

        // The ciphertext is that of a tracked secret.
        await stage.ServeAsync(async gateway =>
        {
            var (_, body) = await new Flows(stage, gateway).InternalAsync("GET", $"connections/{User}-cookie/access-token");
            Assert.NotEmpty(stage.Secrets.FoundIn(body));
        });
    }

    [Fact]
    public void The_search_for_secrets_finds_a_leak_in_every_spelling_T10()
    {
        var secrets = new TrackedSecrets();
        var secret = secrets.Add("secret", "canary/of+the~search?é");

        foreach (var spelling in TrackedSecrets.Spellings(secret)) Assert.NotEmpty(secrets.FoundIn($"a line with {spelling} in it"));
        foreach (var before in (string[])["", "a", "ab", "{\"token\":\""])
        {
            var packed = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{before}{secret}\"}} and more"));
            Assert.NotEmpty(secrets.FoundIn($"a line with {packed}"));
        }

        Assert.Empty(secrets.FoundIn("a line with canary/of+the~searc in it"));
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
