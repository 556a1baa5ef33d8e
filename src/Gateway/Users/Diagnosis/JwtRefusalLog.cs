using System.Globalization;
using FathomGateway.Telemetry;

namespace FathomGateway.Users.Diagnosis;

/// <summary>
/// Counts refusals of JWTs for the metrics and logs the reasons. The first refusal is logged at once, further ones in one line a minute,
/// because any client can cause them.
/// </summary>
internal sealed partial class JwtRefusalLog(
    JwtOptions options, GatewayMetrics metrics, TimeProvider time, ILogger<JwtRefusalLog> log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly JwtRefusalHints _remedies = new(options);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<JwtRefusal, (int Count, string? Detail)> _since = [];
    private ITimer? _timer;
    private bool _waits;

    public void Count(JwtRefusal refusal, string? detail)
    {
        metrics.JwtRefused(JwtRefusalHints.Code(refusal));
        LogLine? line;
        lock (_gate)
        {
            var (count, before) = _since.GetValueOrDefault(refusal);
            _since[refusal] = (count + 1, detail ?? before);
            line = _waits ? null : Take();
        }

        Write(line);
    }

    public void Dispose() => _timer?.Dispose();

    private void OnPauseOver()
    {
        LogLine? line;
        lock (_gate) line = Take();
        Write(line);
    }

    /// <summary>The line to log, if any. After a line the next one waits.</summary>
    private LogLine? Take()
    {
        _waits = _since.Count > 0;
        if (!_waits) return null;
        var reasons = string.Join(" ", _since.Select(one => Line(one.Key, one.Value.Count, one.Value.Detail)));
        var isOrdinary = _since.Keys.All(one => one is JwtRefusal.Absent or JwtRefusal.Expired);
        var line = new LogLine(reasons, isOrdinary ? LogLevel.Information : LogLevel.Warning);
        _since.Clear();
        _timer ??= time.CreateTimer(_ => OnPauseOver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        return line;
    }

    private string Line(JwtRefusal refusal, int count, string? detail) =>
        string.Create(CultureInfo.InvariantCulture, $"{JwtRefusalHints.Code(refusal)} {count}: {_remedies.Of(refusal, detail)}.");

    private void Write(LogLine? line)
    {
        if (line is not null) Refused(log, line.Level, line.Reasons);
    }

    /// <param name="Level">Warning, unless all JWTs were expired or absent.</param>
    private sealed record LogLine(string Reasons, LogLevel Level);

    [LoggerMessage(EventName = "jwts_refused", Message = "Requests had no valid JWT. Reasons: {Reasons}")]
    private static partial void Refused(ILogger log, LogLevel level, string reasons);
}
