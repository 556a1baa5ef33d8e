using System.Text.RegularExpressions;
using FathomGateway.Sandbox;
using FathomGateway.Sandbox.Provider;
using Xunit;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>The show tells what happened, all of it and nothing else.</summary>
[Trait("Speed", "Slow")]
public sealed class HopsTests
{
    private const string
        Asks = "browser → gateway: GET /fathom/connect, with a JWT",
        Kept = "gateway → states: state kept, for 10 minutes",
        Sent = "gateway → browser: the address of the consent page",
        Opens = "browser → fathom: opens the consent page",
        Allowed = "fathom → browser: allowed: back to the callback with a code",
        Returns = "browser → gateway: GET /fathom/callback, with code and state",
        Redeemed = "states → gateway: state redeemed: it is gone",
        Exchanges = "gateway → fathom: exchanges the code for tokens",
        Tokens = "fathom → gateway: tokens",
        Written = "gateway → rows: row written, tokens encrypted: ann, version 1",
        Connected = "gateway → browser: back to the app: connected";

    [Fact]
    public async Task The_show_tells_a_connect_hop_by_hop()
    {
        await using var walk = await SandboxFlow.BeginAsync();
        Assert.Equal("connected", await walk.ReturnAsync(await walk.DecideAsync("allow")));

        Assert.Equal([Asks, Kept, Sent, Opens, Allowed, Returns, Redeemed, Exchanges, Tokens, Written, Connected], await walk.HopsAsync());
    }

    [Fact]
    public async Task The_show_tells_that_a_denial_redeems_the_state_and_calls_no_provider()
    {
        await using var walk = await SandboxFlow.BeginAsync();
        Assert.Equal("access_denied", await walk.ReturnAsync(await walk.DecideAsync("deny")));

        Assert.Equal(
            [
                Asks, Kept, Sent, Opens, "fathom → browser: denied: back to the callback without a code",
                "browser → gateway: GET /fathom/callback, with error and state", Redeemed,
                "gateway → browser: back to the app: access_denied",
            ], await walk.HopsAsync());
    }

    [Fact]
    public async Task The_show_tells_that_a_forged_state_redeems_nothing()
    {
        await using var walk = await SandboxFlow.BeginAsync();
        var callback = await walk.DecideAsync("allow");
        await walk.HopsAsync();

        Assert.Equal("invalid_state", await walk.ReturnAsync(new Uri($"{callback}x")));
        Assert.Equal("invalid_state", await walk.ReturnAsync(walk.Callback("code=made-up&state=made-up")));
        Assert.Equal(
            [Returns, "gateway → browser: back to the app: invalid_state", Returns, "gateway → browser: back to the app: invalid_state"],
            await walk.HopsAsync());
        Assert.Single((await walk.LookAsync()).GetProperty("states").EnumerateArray());
    }

    [Fact]
    public async Task The_show_tells_that_a_second_callback_redeems_exchanges_and_writes_nothing()
    {
        await using var walk = await SandboxFlow.BeginAsync();
        var callback = await walk.DecideAsync("allow");
        await walk.ReturnAsync(callback);
        await walk.HopsAsync();

        Assert.Equal("connected", await walk.ReturnAsync(callback));
        Assert.Equal([Returns, $"{Connected}, as before"], await walk.HopsAsync());
    }

    [Fact]
    public async Task The_show_tells_of_one_exchange_when_the_callback_is_delivered_twice()
    {
        await using var walk = await SandboxFlow.BeginAsync();
        await walk.ChooseAsync(Fault.Twice);
        Assert.Equal("connected", await walk.ReturnAsync(await walk.DecideAsync("allow")));

        Assert.Equal(
            [
                Asks, Kept, Sent, Opens, "fathom → gateway: GET /fathom/callback, with code and state", Redeemed, Exchanges, Tokens,
                Written,
                "gateway → fathom: back to the app: connected", Allowed, Returns, $"{Connected}, as before",
            ], await walk.HopsAsync());
    }

    [Fact]
    public async Task The_show_tells_that_many_clicks_leave_five_states()
    {
        await using var walk = await SandboxFlow.BeginAsync();
        // A burst of five and no more: the limit of the route keeps the sixth for later.
        while (await walk.ClickAsync() is not null) { }

        var hops = await walk.HopsAsync();
        Assert.Matches("^gateway → browser: 429: try again in [0-9]+ s$", hops[^1]);
        Assert.Equal(5, (await walk.LookAsync()).GetProperty("states").GetArrayLength());
    }

    [Fact]
    public async Task The_show_tells_of_a_parked_code_that_waits_for_its_user()
    {
        await using var walk = await SandboxFlow.BeginAsync(new SandboxOptions { LinkBinding = "confirm" });
        await walk.ReturnAsync(await walk.DecideAsync("allow"));

        Assert.Equal(
            [
                Asks, Kept, Sent, Opens, Allowed, Returns, Redeemed, "gateway → states: code parked, encrypted, for 2 minutes",
                "gateway → browser: back to the app: to be confirmed"
            ],
            await walk.HopsAsync());
    }

    [Fact]
    public async Task The_show_reveals_no_nonce_code_or_token()
    {
        await using var walk = await SandboxFlow.BeginAsync();
        var consent = (await walk.ClickAsync())!;
        var waiting = (await walk.SceneAsync()).ToString();
        var callback = await walk.DecideAsync(consent, "allow");
        await walk.ReturnAsync(callback);
        var told = Regex.Unescape($"{waiting}{await walk.SceneAsync()}");

        Assert.Contains("state:••••••••", told, StringComparison.Ordinal);
        Assert.Matches("\"accessToken\":\"v1:[^:\"]+:••••••••\"", told);
        // The payload of the state begins with the nonce.
        foreach (var secret in callback.Query.Split('&', '=', '.').Where(part => part.Length > 20))
            Assert.DoesNotContain(secret[..20], told, StringComparison.Ordinal);
    }
}
