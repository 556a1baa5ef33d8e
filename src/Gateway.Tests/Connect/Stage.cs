using System.Net.Http.Headers;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>A gateway with a scripted provider and a backend around it, and the steps that a user takes between them.</summary>
public sealed class Stage : IAsyncLifetime
{
    internal ScriptedProvider Provider { get; } = ScriptedProvider.Start();

    internal RecordingBackend Backend { get; } = RecordingBackend.Start();

    internal GatewayUnderTest Gateway { get; private set; } = null!;

    /// <summary>Embedded stores, and these settings on top.</summary>
    internal static Task<Stage> StartAsync(params (string Name, string? Value)[] changes) => StartAsync(TestSettings.Embedded(changes));

    /// <summary>New stores of one kind, and these settings on top.</summary>
    /// <param name="kind">See <see cref="TokenDatabase.Both"/>.</param>
    internal static async Task<Stage> StartAsync(RealStores stores, string kind, params (string Name, string? Value)[] changes) =>
        await StartAsync(
            kind == TokenDatabase.Postgres
                ? TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync(), changes)
                : TestSettings.Embedded(changes));

    /// <summary>Other stores; where the settings leave provider or backend at nowhere, they are those of the stage.</summary>
    /// <param name="clock">The gateway's own, in place of the machine's.</param>
    internal static async Task<Stage> StartAsync(Dictionary<string, string?> settings, TimeProvider? clock = null)
    {
        var stage = new Stage();
        foreach (var (name, value) in stage.Provider.Settings.Append(("BACKEND_URL", $"{stage.Backend.Address}")))
        {
            if (settings[name]?.StartsWith("http://127.0.0.1:9/", StringComparison.Ordinal) == true
                || settings[name] == "http://127.0.0.1:9")
            {
                settings[name] = value;
            }
        }

        stage.Gateway = await GatewayUnderTest.StartAsync(settings, clock);
        return stage;
    }

    /// <summary>As a class fixture: embedded stores and nothing special.</summary>
    public async ValueTask InitializeAsync() => Gateway = await GatewayUnderTest.StartAsync(
        TestSettings.Embedded([.. Provider.Settings, ("BACKEND_URL", $"{Backend.Address}")]));

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        Provider.Dispose();
        await Backend.DisposeAsync();
    }

    /// <summary>GET /fathom/connect with this token, or without any.</summary>
    internal async Task<HttpResponseMessage> ConnectAsync(string? token, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await Gateway.Client.SendAsync(request);
    }

    /// <summary>The authorization request that the gateway makes for the user.</summary>
    internal async Task<AuthorizationUrl> BeginAsync(string userId) =>
        await AuthorizationUrl.ReadAsync(await RetryClient.AskAsync(() => ConnectAsync(Jwt.For(userId))));

    /// <summary>The state of a new authorization request for the user.</summary>
    internal async Task<string> StateAsync(string userId) => (await BeginAsync(userId))["state"];

    /// <summary>GET /fathom/callback with this query, as it stands.</summary>
    internal Task<HttpResponseMessage> CallBackAsync(string query) => Gateway.Client.GetAsync($"fathom/callback?{query}");

    /// <summary>Where the browser is sent by a callback with this code and state.</summary>
    internal Task<string> LandAsync(string state, string code) => LandAsync($"code={Uri.EscapeDataString(code)}&state={state}");

    internal async Task<string> LandAsync(string query) => CallbackRedirect.Of(await CallBackAsync(query));

    /// <summary>Connects the user with success.</summary>
    internal async Task LinkAsync(string userId) =>
        Assert.Equal(CallbackRedirect.Success, await LandAsync(await StateAsync(userId), Fresh.Code()));

    internal Task<Connection?> ConnectionAsync(string userId)
    {
        Assert.True(UserId.TryParse(userId, out var id));
        return Gateway.Services.GetRequiredService<ConnectionStore>().FindAsync(id, CancellationToken.None);
    }

    /// <summary>The access token that is stored for the user, opened; null where the user is not connected.</summary>
    internal async Task<string?> AccessTokenAsync(string userId) => await ConnectionAsync(userId) is { } row
        ? Gateway.Services.GetRequiredService<TokenCipher>().Open(row.AccessToken, row.UserId, TokenColumn.AccessToken)
        : null;

    /// <summary>How often this code has reached the token endpoint.</summary>
    internal int Exchanges(string code) => Provider.TokenRequests.Count(request => request.Code == code);
}
