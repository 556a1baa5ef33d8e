using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tests.Soak;

/// <summary>How a fault begins, lasts and ends.</summary>
internal sealed partial class SoakFaults
{
    private SoakReplica Any() => environment.Gateways[_random.Next(environment.Gateways.Length)];

    /// <summary>The first one lives through it all: whether a process grows is seen on one that has.</summary>
    private SoakReplica Killable() => environment.Gateways[_random.Next(1, environment.Gateways.Length)];

    private Task DuringAsync(Action begin, Action end, CancellationToken cancel) =>
        DuringAsync(begin, () => { end(); return Task.CompletedTask; }, cancel);

    private Task DuringAsync(Action begin, Func<Task> end, CancellationToken cancel) =>
        DuringAsync(() => { begin(); return Task.CompletedTask; }, end, cancel);

    private async Task DuringAsync(Func<Task> begin, Func<Task> end, CancellationToken cancel)
    {
        var length = TimeSpan.FromSeconds(Seconds[_random.Next(Seconds.Length)]);
        await begin();
        // The soak's end cuts a fault short, and never leaves one behind.
        await Task.Delay(length, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end();
    }

    private Task SpoilAsync(Func<TokenReply, TokenReply> spoils, CancellationToken cancel) =>
        DuringAsync(() => environment.Provider.Spoils = spoils, () => environment.Provider.Spoils = null, cancel);

    private Task GatewayAsync(SoakReplica one, Action<SoakReplica> begin, Func<SoakReplica, Task> end, CancellationToken cancel) =>
        DuringAsync(
            () =>
            {
                one.Spoil();
                begin(one);
            },
            async () =>
            {
                await end(one);
                one.Heal();
            },
            cancel);

    /// <summary>
    /// Its refreshes are at the provider when it is frozen, and its leases have run out when it wakes: others have taken over.
    /// </summary>
    private async Task FreezeRefresherAsync(CancellationToken cancel)
    {
        environment.Provider.Spoils = SoakProvider.Slow;
        await Task.Delay(TimeSpan.FromSeconds(3), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var one = Any();
        one.Spoil();
        one.Gateway.Suspend();
        environment.Provider.Spoils = null;
        await Task.Delay(RefreshLease.Duration + TimeSpan.FromSeconds(2), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        one.Gateway.Resume();
        one.Heal();
    }

    private static void Cut(FaultProxy proxy)
    {
        proxy.RefuseNew();
        proxy.Reset();
    }

    /// <summary>What fell into the hole is gone, as it is once a middlebox is replaced.</summary>
    private static void Recover(FaultProxy proxy)
    {
        proxy.Heal();
        proxy.Reset();
    }
}
