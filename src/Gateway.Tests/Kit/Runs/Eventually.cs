using System.Diagnostics;
using Xunit.Sdk;

namespace FathomGateway.Tests.Kit;

/// <summary>Waits for a condition with a bound, in place of a sleep that is too short on one machine and too long on the next.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks in a row that show no change, for more than a second in all.</summary>
    private const int LooksAtStandstill = 60;

    public static Task BecomesTrueAsync(Func<bool> condition, TimeSpan within, string because) =>
        BecomesTrueAsync(() => Task.FromResult(condition()), within, because);

    /// <summary>
    /// Returns as soon as the condition holds; fails the test when it does not within the time. A failed assertion inside it ends the wait
    /// at once.
    /// </summary>
    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, TimeSpan within, string because)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            Exception? lastFault = null;
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception e) when (e is not XunitException)
            {
                // A server that is coming up refuses, resets, times out: that is "not yet", and reported if it stays so.
                lastFault = e;
            }

            if (clock.Elapsed > within)
            {
                throw new XunitException($"Waited {within.TotalSeconds:0.#} s in vain: {because}.", lastFault);
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Returns when a count that has begun no longer changes: nothing more goes into the pipes.</summary>
    public static Task StandsStillAsync(Func<long> count, TimeSpan within)
    {
        var (last, looks) = (0L, 0);
        return BecomesTrueAsync(
            () =>
            {
                var now = count();
                looks = now == last ? looks + 1 : 0;
                last = now;
                return now > 0 && looks >= LooksAtStandstill;
            },
            within,
            "nothing moves any more");
    }
}
