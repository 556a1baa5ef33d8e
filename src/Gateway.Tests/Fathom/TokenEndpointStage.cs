using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>A gateway whose token endpoint is raw TCP, so that it can answer anything at all.</summary>
public sealed class TokenEndpointStage : IAsyncLifetime
{
    private const string Good = """{"access_token":"old-access","token_type":"Bearer","refresh_token":"old-refresh","expires_in":3600}""";

    private Stage _stage = null!;

    internal RawServer Endpoint { get; } = RawServer.Start(RawResponse.Silence);

    internal CapturedLog Log => _stage.Gateway.Log;

    /// <summary>
    /// Connects a user, then lets the user connect again with the endpoint answering by the script: where that leads, and the user's access
    /// token after it.
    /// </summary>
    internal async Task<(string Redirect, string? AccessToken)> ReconnectAsync(Func<RawExchange, Task> script)
    {
        var user = Fresh.User();
        Assert.Equal(CallbackRedirect.Success, await LandAsync(user, RawResponse.Json(Good)));
        return (await LandAsync(user, script), await _stage.AccessTokenAsync(user));
    }

    /// <summary>Connects a new user with the endpoint answering by the script.</summary>
    internal async Task<(string Redirect, Connection? Row)> ConnectAsync(Func<RawExchange, Task> script)
    {
        var user = Fresh.User();
        return (await LandAsync(user, script), await _stage.ConnectionAsync(user));
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("FATHOM_TOKEN_URL", $"{Endpoint.Address}token"));

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await Endpoint.DisposeAsync();
    }

    /// <summary>One callback makes one request, whatever becomes of it.</summary>
    private async Task<string> LandAsync(string user, Func<RawExchange, Task> script)
    {
        Endpoint.Script = script;
        var state = await _stage.StateAsync(user);
        var (code, before) = (Fresh.Code(), Endpoint.Requests);
        var redirect = await _stage.LandAsync(state, code);
        Assert.Equal(redirect, await _stage.LandAsync(state, code));
        Assert.Equal(before + 1, Endpoint.Requests);
        return redirect;
    }
}
