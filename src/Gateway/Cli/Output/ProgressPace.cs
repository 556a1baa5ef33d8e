namespace FathomGateway.Cli.Output;

/// <summary>When a long command reports its progress: every second on a terminal, every 10,000 steps in a log.</summary>
internal sealed class ProgressPace(bool watched, TimeProvider clock)
{
    private const int StepsBetweenLines = 10_000;
    private static readonly TimeSpan TimeBetweenLines = TimeSpan.FromSeconds(1);

    private long _lastTime = clock.GetTimestamp();
    private long _lastSteps;

    /// <param name="steps">Steps so far.</param>
    public bool IsLineDue(long steps)
    {
        var isTooEarly = watched
            ? clock.GetElapsedTime(_lastTime) < TimeBetweenLines
            : steps / StepsBetweenLines == _lastSteps / StepsBetweenLines;
        if (isTooEarly) return false;
        (_lastTime, _lastSteps) = (clock.GetTimestamp(), steps);
        return true;
    }
}
