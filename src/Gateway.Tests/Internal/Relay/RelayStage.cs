using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>A gateway in front of an API that answers what the test says.</summary>
public sealed class RelayStage : IAsyncLifetime
{
    private Stage _stage = null!;

    public RelayStage() => Api = ScriptedApi.Start(request => Answer(request));

    internal ScriptedApi Api { get; }

    /// <summary>What the API answers; may wait for something before it does.</summary>
    internal Func<WireMessage, Task<string>> Answer { get; set; } = _ => Task.FromResult(ScriptedApi.Empty);

    internal Stage Stage => _stage;

    internal GatewayUnderTest Gateway => _stage.Gateway;

    /// <param name="clock">The gateway's own, in place of the machine's.</param>
    internal static async Task<RelayStage> StartAsync(TimeProvider clock, params (string Name, string? Value)[] settings)
    {
        var stage = new RelayStage();
        stage._stage = await Stage.StartAsync(TestSettings.Embedded([.. settings, ("FATHOM_API_URL", stage.Api.BaseUrl)]), clock);
        return stage;
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(("FATHOM_API_URL", Api.BaseUrl));

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await Api.DisposeAsync();
    }

    /// <summary>A new connected user.</summary>
    internal async Task<string> UserAsync()
    {
        var user = Fresh.User();
        await _stage.LinkAsync(user);
        return user;
    }

    /// <summary>One request through the relay, and the API's answers from now on.</summary>
    internal Task<WireMessage> RelayAsync(
        string user, string answer, string method = "GET", string path = "/meetings", string more = "", string body = "")
    {
        Answer = _ => Task.FromResult(answer);
        return Gateway.RawAsync(method, $"/connections/{user}/fathom{path}", more, body);
    }
}
