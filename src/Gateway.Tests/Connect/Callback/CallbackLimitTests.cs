using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>This machine is configured as a trusted proxy, so X-Forwarded-For names the client.</summary>
public sealed class CallbackLimitTests : IAsyncLifetime
{
    private const int Burst = 30;

    private Stage _stage = null!;

    [Fact]
    public async Task A_client_beyond_the_callback_limit_is_refused_and_keeps_state_and_code_T30()
    {
        var (state, code) = await PutOffAsync("203.0.113.1", "203.0.113.1");

        Assert.Equal(0, _stage.Exchanges(code));
        Assert.Equal(CallbackRedirect.Success, await LandAsync(state, code, "203.0.113.2"));
    }

    [Fact]
    public Task A_forged_X_Forwarded_For_does_not_escape_the_callback_limit_T33() =>
        PutOffAsync("203.0.113.3", "198.51.100.1, 203.0.113.3");

    [Fact]
    public Task An_IPv6_client_is_limited_by_its_network_T30() => PutOffAsync("2001:db8::1", "2001:db8::ffff");

    [Fact]
    public async Task Forged_states_and_proxied_requests_do_not_count_in_the_callback_limit_T30()
    {
        for (var i = 0; i < 2 * Burst; i++)
        {
            Assert.Equal(CallbackRedirect.Failure("invalid_state"), await LandAsync("v1.forged.x.y", Fresh.Code(), "203.0.113.4"));
            using var proxied = await SendAsync("anything", "203.0.113.4");
            Assert.Equal("backend", await proxied.Content.ReadAsStringAsync());
        }

        Assert.Equal(CallbackRedirect.Success, await LandAsync(await _stage.StateAsync(Fresh.User()), Fresh.Code(), "203.0.113.4"));
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("TRUSTED_PROXIES", "127.0.0.0/8"));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    /// <summary>
    /// Uses up what the one may do, and returns a callback of the other's that was put off. The bucket gains one a second: on a machine
    /// that stood still for so long the callback is let through, and the next one tries.
    /// </summary>
    private async Task<(string State, string Code)> PutOffAsync(string client, string other)
    {
        for (var left = 5; left > 0; left--)
        {
            var (state, code) = (await _stage.StateAsync(Fresh.User()), Fresh.Code());
            await UseUpAsync(client);
            if (await LandAsync(state, code, other) == CallbackRedirect.Failure("temporarily_unavailable")) return (state, code);
        }

        throw new Xunit.Sdk.XunitException($"{other} was never put off after {client} had used up its callbacks.");
    }

    /// <summary>Uses up what the client may do at once, and what it gains meanwhile, with one state that is long settled.</summary>
    private async Task UseUpAsync(string client)
    {
        var (state, code) = (await _stage.StateAsync(Fresh.User()), Fresh.Code());
        Assert.Equal(CallbackRedirect.Success, await LandAsync(state, code, client));
        await Eventually.BecomesTrueAsync(
            async () => (await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => LandAsync(state, code, client)))).Contains(
                CallbackRedirect.Failure("temporarily_unavailable")),
            TimeSpan.FromSeconds(30), "the limit is reached");
        // Of what the bucket has gained since, nothing is left.
        while (await LandAsync(state, code, client) == CallbackRedirect.Success)
        {
        }
    }

    private async Task<string> LandAsync(string state, string code, string forwardedFor)
    {
        using var response = await SendAsync($"fathom/callback?code={code}&state={state}", forwardedFor);
        return CallbackRedirect.Of(response);
    }

    private async Task<HttpResponseMessage> SendAsync(string target, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        return await _stage.Gateway.Client.SendAsync(request);
    }
}
