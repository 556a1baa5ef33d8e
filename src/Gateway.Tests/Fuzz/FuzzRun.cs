using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Xunit.Sdk;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Feeds a target for a while. A failing input is shrunk and reported as base64, with the seed that reproduces it.</summary>
internal static class FuzzRun
{
    public const string MinutesName = "FUZZ_MINUTES", SeedName = "FUZZ_SEED";

    /// <summary>Inputs between two restarts of the target's gateway: a log that is kept whole must not grow for hours.</summary>
    private const int Batch = 250;

    /// <summary>Attempts at making a failing input shorter.</summary>
    private const int MaxShrinks = 400;

    private static ulong FirstSeed { get; } = Environment.GetEnvironmentVariable(SeedName) is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 16;

    /// <summary>Of all targets together: a minute, or what <c>FUZZ_MINUTES</c> says.</summary>
    private static TimeSpan Total { get; } = TimeSpan.FromMinutes(
        Environment.GetEnvironmentVariable(MinutesName) is { Length: > 0 } given ? double.Parse(given, CultureInfo.InvariantCulture) : 1);

    /// <param name="share">One over the number of targets.</param>
    public static async Task GoAsync(string name, Func<Task<ITarget>> start, double share)
    {
        var (clock, fed) = (Stopwatch.StartNew(), 0);
        for (var seed = FirstSeed; fed == 0 || clock.Elapsed < Total * share; seed++)
        {
            await using var target = await start();
            foreach (var input in Inputs.From(target.Good).Sample(Batch, new Rnd(seed), Batch))
            {
                if (fed > 0 && clock.Elapsed >= Total * share) break;
                fed++;
                if (await ObjectionAsync(target, input) is { } objection) await FailAsync(name, seed, target, input, objection);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {fed} inputs, {SeedName}={FirstSeed}");
    }

    private static async Task FailAsync(string name, ulong seed, ITarget target, byte[] input, string objection)
    {
        for (var (shorter, tried) = (true, 0); shorter && tried < MaxShrinks;)
        {
            shorter = false;
            foreach (var candidate in Inputs.Shorter(input))
            {
                if (++tried > MaxShrinks) break;
                if (await ObjectionAsync(target, candidate) is not { } still) continue;
                (input, objection, shorter) = (candidate, still, true);
                break;
            }
        }

        throw new XunitException($"{name}: {objection}\ninput (base64): {Convert.ToBase64String(input)}\nagain: {SeedName}={seed}");
    }

    private static async Task<string?> ObjectionAsync(ITarget target, byte[] input)
    {
        try
        {
            return await target.ObjectionAsync(input);
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }
}
