using System.Diagnostics;
using System.Globalization;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>Load all the time, a fault every 20 seconds, and after each a check that everything has recovered.</summary>
internal sealed class SoakRun(SoakEnvironment environment, TimeSpan length, int seed)
{
    private const int Workers = 10, UsersOfAWorker = 10, MaxShown = 50;
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(20);

    /// <summary>Half a minute is promised for the slowest of them; a busy machine is given twice that.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    private readonly SoakSteps _steps = new(environment);
    private readonly SoakGrowth _growth = new(() => environment.Gateways[0].Gateway.ProcessId, length);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string _connections = "";

    private string Violations => $"{environment.Model.Violations.Count} violations";

    /// <returns>The verdict, for people.</returns>
    public async Task<string> RunAsync()
    {
        await RecoversAsync("the start");
        _clock.Restart();
        using var end = new CancellationTokenSource(length);
        var workers = Enumerable.Range(0, Workers).Select(number => Task.Run(() => WorkAsync(number, end.Token))).ToArray();
        var sampling = _growth.SampleAsync(() => _clock.Elapsed, end.Token);
        var faults = new SoakFaults(environment, seed);
        while (!end.IsCancellationRequested)
        {
            var begun = _clock.Elapsed;
            var fault = await faults.RunAsync(end.Token);
            foreach (var gateway in environment.Gateways)
            {
                if (await gateway.ReviveAsync() is { } ended) environment.Model.Violate("end", ended);
            }

            await RecoversAsync(fault);
            var (now, all) = (_clock.Elapsed.TotalMinutes, length.TotalMinutes);
            LongTest.Say(string.Create(CultureInfo.InvariantCulture, $"{now:0.0} of {all:0.#} minutes: {fault}; {Violations}"));
            var rest = Rhythm - (_clock.Elapsed - begun);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await sampling;
        var users = (await Task.WhenAll(workers)).SelectMany(all => all).ToArray();
        await IsInOrderAsync(users);
        await ConnectionsEndAsync();
        var hasGrown = _growth.Memory > SoakGrowth.MaxMemory || _growth.Descriptors > SoakGrowth.MaxDescriptors;
        if (_growth.IsJudged && hasGrown) environment.Model.Violate("growth", $"{_growth}");
        foreach (var line in environment.Gateways.SelectMany(one => one.Failures)) environment.Model.Violate("log", line);
        return Verdict();
    }

    private async Task<SoakUser[]> WorkAsync(int number, CancellationToken end)
    {
        var random = new Random(seed + number + 1);
        var users = Enumerable.Range(0, UsersOfAWorker).Select(i => new SoakUser($"user-{number}-{i}")).ToArray();
        while (!end.IsCancellationRequested)
        {
            var (user, at, back) = (Pick(users), Pick(environment.Gateways), Pick(environment.Gateways));
            await (random.Next(100) switch
            {
                < 11 => _steps.ConnectAsync(user, at, back),
                < 15 => _steps.ConnectAsync(user, at, back, Pick(environment.Gateways)),
                < 50 => _steps.ReadAsync(user, at, forced: random.Next(3) == 0),
                < 53 => _steps.DisconnectAsync(user, at, byUser: random.Next(2) == 0),
                < 57 => _steps.SpeakAsync(at, random),
                < 67 => _steps.ProxyAsync(at, random),
                _ => _steps.ExchangeAsync(at, random),
            });
            await Task.Delay(random.Next(200), CancellationToken.None);
        }

        return users;

        T Pick<T>(T[] all) => all[random.Next(all.Length)];
    }

    /// <summary>At the end nothing waits for the database, and each user who was told "connected" has a token or must reconnect.</summary>
    private async Task IsInOrderAsync(SoakUser[] users)
    {
        await HoldsAsync("P5", "issued tokens still wait for the database", async () =>
            (await Task.WhenAll(environment.Gateways.Select(one => one.WaitingTokensAsync()))).Sum() == 0);
        foreach (var user in users)
        {
            await HoldsAsync("P5", $"{user.Id} got no answer", () => _steps.ReadAsync(user, environment.Gateways[0], forced: false));
        }

        await HoldsAsync("events", "some are not delivered", () => environment.Events.AreDeliveredAsync(environment.Database));
        await environment.Events.VerifyAsync(environment.Database, environment.Model);
    }

    /// <summary>Once the load is over no connection is left that a request has left behind, on either side.</summary>
    private async Task ConnectionsEndAsync()
    {
        foreach (var gateway in environment.Gateways) gateway.EndClients();
        await HoldsAsync("connections", "gateways have some left", () => Task.FromResult(!OfGateways().Any()));
        await HoldsAsync("connections", "the backend has some left", () => Task.FromResult(OfBackend() == 0));
        var left = OfGateways().ToArray();
        _connections = left.Length == 0 ? "none" : string.Join("; ", left);

        IEnumerable<string> OfGateways() => environment.Gateways.SelectMany(one => one.ConnectionsLeft(environment.Backend.Port));

        int OfBackend() => SoakConnections.Of(Environment.ProcessId, environment.Backend.Port).Count;
    }

    /// <summary>P5: a new user connects and reads a token at every gateway, without intervention.</summary>
    private async Task RecoversAsync(string fault)
    {
        foreach (var gateway in environment.Gateways)
        {
            await HoldsAsync("P5", $"no recovery within {Recovery.TotalSeconds} s of the end of: {fault}", async () =>
            {
                var guest = new SoakUser($"guest-{Guid.NewGuid():n}");
                return await _steps.ConnectAsync(guest, gateway, gateway) && await _steps.ReadAsync(guest, gateway, forced: false);
            });
        }
    }

    private async Task HoldsAsync(string promise, string otherwise, Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.BecomesTrueAsync(condition, Recovery, otherwise);
        }
        catch (Xunit.Sdk.XunitException)
        {
            environment.Model.Violate(promise, otherwise);
        }
    }

    private string Verdict()
    {
        List<string> lines = [string.Create(
            CultureInfo.InvariantCulture, $"soak of {length.TotalMinutes:0.#} minutes, seed {seed}: {Violations}")];
        lines.AddRange(environment.Model.Violations.Take(MaxShown).Select(one => $"  {one}"));
        lines.AddRange(environment.Model.Counts.Select(one => $"  {one.Count,7}  {one.Name}"));
        lines.Add($"  the gateway that lived through it all: {_growth}{(_growth.IsJudged ? "" : " (not judged: too short)")}");
        lines.Add($"  connections left at the gateways: {_connections}");
        return string.Join('\n', lines);
    }
}
