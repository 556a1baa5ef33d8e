using System.Collections.Concurrent;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A deployment without an effect on users.</summary>
[Trait("Speed", "Slow")]
public sealed class RollingDeployTests(RealStores stores) : IAsyncLifetime
{
    private const int Replicas = 3, Flows = 100, Users = 6, AtConsent = 10;

    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly LoadBalancer _front = new();
    private readonly ConcurrentBag<string> _redirects = [];
    private readonly List<GatewayProcess> _started = [];
    private Dictionary<string, string?> _settings = null!;

    [Fact]
    public async Task No_flow_is_lost_while_all_replicas_are_replaced_F17()
    {
        for (var i = 0; i < Replicas; i++) await StartAsync();
        using var deployed = new CancellationTokenSource();
        var users = Enumerable.Range(0, Users).Select(_ => ConnectAsync(deployed.Token)).ToArray();

        foreach (var old in _started.ToArray())
        {
            // Users at the consent page return to other replicas.
            var states = await Task.WhenAll(Enumerable.Range(0, AtConsent).Select(_ => BeginAsync()));
            Assert.Equal(0, await old.TerminateAsync());
            _front.Remove(old);
            await StartAsync();
            await Task.WhenAll(states.Select(EndAsync));
        }

        await deployed.CancelAsync();
        await Task.WhenAll(users);
        Assert.True(_redirects.Count >= Flows, $"{_redirects.Count} flows");
        Assert.All(_redirects, redirect => Assert.Equal(CallbackRedirect.Success, redirect));
        TestContext.Current.TestOutputHelper!.WriteLine($"{_redirects.Count} flows");
    }

    public async ValueTask InitializeAsync()
    {
        // Not at once, so that an exchange is always in progress.
        _provider.Answers(_ => Task.FromResult(_provider.NewTokens() with { Delay = TimeSpan.FromMilliseconds(100) }));
        _settings = TestSettings.OnRealStores(
            await stores.RedisAsync(),
            await stores.NewDatabaseAsync(),
            [.. _provider.Settings, ("ASPNETCORE_ENVIRONMENT", "Production"), ("FATHOM_TOKEN_BUDGET", "0")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        foreach (var replica in _started) await replica.DisposeAsync();
        _provider.Dispose();
    }

    private async Task StartAsync()
    {
        var replica = await GatewayProcess.StartAsync(_settings);
        _started.Add(replica);
        await replica.WarmUpAsync();
        await _front.AddAsync(replica);
    }

    /// <summary>One user after the other, until the deployment is over and there have been enough.</summary>
    private async Task ConnectAsync(CancellationToken deployed)
    {
        for (var flows = 0; flows < Flows / Users || !deployed.IsCancellationRequested; flows++) await EndAsync(await BeginAsync());
    }

    private async Task<string> BeginAsync()
    {
        using var answer = await RetryClient.AskAsync(() => _front.GetAsync("fathom/connect", Jwt.For(Fresh.User())));
        return (await AuthorizationUrl.ReadAsync(answer))["state"];
    }

    private async Task EndAsync(string state)
    {
        using var answer = await _front.GetAsync($"fathom/callback?code={Fresh.Code()}&state={state}");
        _redirects.Add(CallbackRedirect.Of(answer));
    }
}
