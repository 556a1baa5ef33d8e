namespace FathomGateway.Settings;

/// <summary>
/// The difference between another party's clock and this machine's, as a side result of a health check. The doctor compares the
/// differences.
/// </summary>
internal static class ClockSkew
{
    /// <summary>Above this difference JWTs fail, which have the same tolerance.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    private const string Key = "clock_difference_seconds";

    /// <summary>The data of a check's result; null where the other party did not report its time.</summary>
    /// <param name="theirs">Their time. HTTP reports whole seconds.</param>
    public static IReadOnlyDictionary<string, object>? Data(DateTimeOffset? theirs, DateTimeOffset ours) =>
        theirs is { } told ? new Dictionary<string, object> { [Key] = Math.Round((told - ours).TotalSeconds) } : null;

    /// <summary>Positive where their clock is ahead; null where the result has no difference.</summary>
    public static TimeSpan? In(IReadOnlyDictionary<string, object> data) =>
        data.TryGetValue(Key, out var seconds) ? TimeSpan.FromSeconds((double)seconds) : null;
}
