using System.Text.Json;
using FathomGateway.Sandbox;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>The sandbox on a real Redis and a real PostgreSQL: the show tells what lies there, read from outside.</summary>
[Trait("Speed", "Slow")]
public sealed class RealStoresShowTests(RealStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private RedisServer _redis = null!;
    private SandboxFlow _walk = null!;

    [Fact]
    public async Task The_show_displays_the_stores_own_key_of_the_state_and_row()
    {
        var callback = await _walk.DecideAsync("allow");
        var state = Assert.Single((await _walk.LookAsync()).GetProperty("states").EnumerateArray());
        var key = Assert.Single((await _redis.CommandAsync("KEYS", "fathom:*:state:*")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal($"{key[..("fathom:{".Length + 4)]}…}}:state:••••••••", state.GetProperty("key").GetString());
        Assert.InRange(state.GetProperty("left").GetInt64(), 1, 600_000);

        Assert.Equal("connected", await _walk.ReturnAsync(callback));
        var then = await _walk.LookAsync();
        Assert.Empty(then.GetProperty("states").EnumerateArray());
        var row = Assert.Single(then.GetProperty("rows").EnumerateArray());
        Assert.Equal(("ann", "connected", "v1:sandbox:••••••••"), (Text(row, "user"), Text(row, "status"), Text(row, "accessToken")));
    }

    [Fact]
    public async Task The_show_does_not_tell_an_expired_state_as_redeemed()
    {
        var callback = await _walk.DecideAsync("allow");
        var key = (await _redis.CommandAsync("KEYS", "fathom:*:state:*")).Trim();
        await _redis.CommandAsync("PEXPIRE", key, "2000");
        await Eventually.BecomesTrueAsync(
            async () => !(await _walk.LookAsync()).GetProperty("states").EnumerateArray().Any(), Limit, "the state runs out");

        Assert.Equal("expired_state", await _walk.ReturnAsync(callback));
        var hops = await _walk.HopsAsync();
        Assert.Equal("states → states: state expired: nobody came back", hops[^3]);
        Assert.Equal("gateway → browser: back to the app: expired_state", hops[^1]);
        Assert.DoesNotContain(hops, hop => hop.Contains("redeemed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_show_tells_that_Redis_is_down_and_invents_nothing()
    {
        _redis.Kill();
        await Eventually.BecomesTrueAsync(
            async () => (await _walk.LookAsync()).GetProperty("states").ValueKind == JsonValueKind.Null,
            Limit,
            "the show says that Redis does not answer");
        Assert.Null(await _walk.ClickAsync());
        var hops = await _walk.HopsAsync();
        Assert.Matches("^gateway → browser: 503: try again in [0-9]+ s$", hops[^1]);
        Assert.DoesNotContain(hops, hop => hop.Contains("states", StringComparison.Ordinal));

        await _redis.RestartAsync();
        await Eventually.BecomesTrueAsync(async () => await _walk.ClickAsync() is not null, Limit, "connecting works again");
        await Eventually.BecomesTrueAsync(async () => (await _walk.LookAsync()).GetProperty(
            "states") is { ValueKind: JsonValueKind.Array } found && found.GetArrayLength() > 0, Limit, "the show sees its state");
    }

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _walk = await SandboxFlow.BeginAsync(
            new SandboxOptions { Redis = _redis.ConnectionString, Database = await stores.NewDatabaseAsync() });
    }

    public async ValueTask DisposeAsync()
    {
        await _walk.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
