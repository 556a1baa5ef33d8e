using FathomGateway.Settings;

namespace FathomGateway.Fathom;

/// <summary>
/// Compares the Date field of the provider's answers with the clock of this machine, and logs a difference. A wrong clock makes the gateway
/// refuse valid JWTs.
/// </summary>
internal sealed partial class ProviderClock(TimeProvider clock, ILogger<ProviderClock> log)
{
    /// <summary>
    /// A larger difference is logged. JWTs fail above <see cref="ClockSkew.Max"/>, and an answer may take <see cref="ClientForm.Timeout"/>.
    /// </summary>
    private static readonly TimeSpan MaxSkew = ClockSkew.Max + ClientForm.Timeout;

    private bool _off;

    /// <param name="date">The Date field of the answer; null where it has none.</param>
    public void Compare(DateTimeOffset? date)
    {
        if (date is not { } theirs) return;
        var skew = clock.GetUtcNow() - theirs;
        var off = skew.Duration() > MaxSkew;
        // Logged once, until the clocks agree again.
        if (Interlocked.Exchange(ref _off, off) || !off) return;
        Differs(log, skew.TotalSeconds);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The clock of this machine is {Seconds:F0} s ahead of the provider's (behind it where negative). Synchronise this "
            + "machine's (NTP): a clock that is wrong refuses good JWTs and accepts expired ones.")]
    private static partial void Differs(ILogger log, double seconds);
}
