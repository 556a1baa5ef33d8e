using System.Diagnostics;
using Xunit.Sdk;

namespace FathomGateway.Tests.Kit;

/// <summary>Waits for a condition with a bound, in place of a sleep that is too short on one machine and too long on the next.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task BecomesTrueAsync(Func<bool> condition, TimeSpan within, string because) =>
        BecomesTrueAsync(() => Task.FromResult(condition()), within, because);

    /// <summary>Returns as soon as the condition holds; fails the test when it does not within the time. A failed assertion inside it ends the wait at once.</summary>
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
}
