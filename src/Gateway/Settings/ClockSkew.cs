namespace FathomGateway.Settings;

/// <summary>How far another party's clock is from this machine's, as a check saw it by the way; the doctor lays them side by side.</summary>
internal static class ClockSkew
{
    /// <summary>Beyond it something breaks: JWTs are given as much leeway.</summary>
    public static readonly TimeSpan Largest = TimeSpan.FromSeconds(30);

    private const string Key = "clock_difference_seconds";

    /// <summary>For the data of a check's result; nothing where the other party did not tell its time.</summary>
    /// <param name="theirs">Their time, which HTTP tells in whole seconds.</param>
    public static IReadOnlyDictionary<string, object>? Data(DateTimeOffset? theirs, DateTimeOffset ours) =>
        theirs is { } told ? new Dictionary<string, object> { [Key] = Math.Round((told - ours).TotalSeconds) } : null;

    /// <summary>Above zero where their clock is ahead; null where a result tells of none.</summary>
    public static TimeSpan? In(IReadOnlyDictionary<string, object> data) => data.TryGetValue(Key, out var seconds) ? TimeSpan.FromSeconds((double)seconds) : null;
}
