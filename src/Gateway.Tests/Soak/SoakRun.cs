using System.Diagnostics;
using System.Globalization;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>The soak: load all the time, a fault every 20 seconds, and after each the proof that everything works again by itself.</summary>
internal sealed class SoakRun(SoakWorld world, TimeSpan length, int seed)
{
    private const int Workers = 6, UsersOfAWorker = 10;
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(20);

    /// <summary>Half a minute is promised for the slowest of them; a busy machine is given twice that.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    private readonly SoakSteps _steps = new(world);
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <returns>The verdict, for people.</returns>
    public async Task<string> RunAsync()
    {
        await RecoversAsync("the start");
        _clock.Restart();
        using var end = new CancellationTokenSource(length);
        var workers = Enumerable.Range(0, Workers).Select(number => Task.Run(() => WorkAsync(number, end.Token))).ToArray();
        var faults = new SoakFaults(world, seed);
        while (!end.IsCancellationRequested)
        {
            var begun = _clock.Elapsed;
            await RecoversAsync(await faults.RunAsync(end.Token));
            // Samples begin after the first quarter: before it, a process is still warming up.
            if (_clock.Elapsed > length / 4) foreach (var gateway in world.Gateways) gateway.Sample();
            var rest = Rhythm - (_clock.Elapsed - begun);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var users = (await Task.WhenAll(workers)).SelectMany(all => all).ToArray();
        // At last everybody is asked once more, in quiet.
        foreach (var user in users) await _steps.ReadAsync(user, world.Gateways[0], forced: false);
        return Verdict();
    }

    private async Task<SoakUser[]> WorkAsync(int number, CancellationToken end)
    {
        var random = new Random(seed + number + 1);
        var users = Enumerable.Range(0, UsersOfAWorker).Select(i => new SoakUser($"user-{number}-{i}")).ToArray();
        while (!end.IsCancellationRequested)
        {
            var (user, at, back) = (Pick(users), Pick(world.Gateways), Pick(world.Gateways));
            await (random.Next(100) switch
            {
                < 15 => _steps.ConnectAsync(user, at, back),
                < 50 => _steps.ReadAsync(user, at, forced: random.Next(3) == 0),
                < 53 => _steps.DisconnectAsync(user, at),
                < 60 => _steps.SpeakAsync(at),
                _ => _steps.ProxyAsync(at),
            });
            await Task.Delay(random.Next(200), CancellationToken.None);
        }

        return users;

        T Pick<T>(T[] all) => all[random.Next(all.Length)];
    }

    /// <summary>P5: a new user connects and reads a token at every gateway, with nobody's help.</summary>
    private async Task RecoversAsync(string fault)
    {
        foreach (var gateway in world.Gateways)
        {
            try
            {
                await Eventually.BecomesTrueAsync(
                    async () =>
                    {
                        var guest = new SoakUser($"guest-{Guid.NewGuid():n}");
                        return await _steps.ConnectAsync(guest, gateway, gateway) && await _steps.ReadAsync(guest, gateway, forced: false);
                    },
                    Recovery,
                    "a new user connects");
            }
            catch (Xunit.Sdk.XunitException)
            {
                world.Model.Violate("P5", $"no recovery within {Recovery.TotalSeconds} s of the end of: {fault}");
            }
        }
    }

    private string Verdict()
    {
        var culture = CultureInfo.InvariantCulture;
        var lines = new List<string> { string.Create(culture, $"soak of {_clock.Elapsed.TotalMinutes:0.#} minutes, seed {seed}: {world.Model.Violations.Count} violations") };
        lines.AddRange(world.Model.Violations.Take(50).Select(one => $"  {one}"));
        lines.AddRange(world.Model.Counts.Select(one => $"  {one.Count,7}  {one.Name}"));
        lines.Add($"  {world.Provider.Reused,7}  grants that ended because a spent refresh token came again");
        for (var i = 0; i < world.Gateways.Length; i++) lines.Add(string.Create(culture, $"  gateway {i + 1}: memory {world.Gateways[i].Growth.Memory:+0.0;-0.0;0} %, file descriptors {world.Gateways[i].Growth.Descriptors:+0;-0;0} since the first quarter (or its last start)"));
        return string.Join('\n', lines);
    }
}
