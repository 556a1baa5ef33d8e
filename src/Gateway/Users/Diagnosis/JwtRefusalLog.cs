using System.Globalization;
using FathomGateway.Telemetry;

namespace FathomGateway.Users.Diagnosis;

/// <summary>
/// Why requests have no JWT that is believed: counted for the metrics, and said in the log. The first is said at once, those of the next
/// minute together in one line, and so on: anybody can cause them.
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
        metrics.JwtRefused(JwtRefusalHints.Word(refusal));
        Said? said;
        lock (_gate)
        {
            var (count, before) = _since.GetValueOrDefault(refusal);
            _since[refusal] = (count + 1, detail ?? before);
            said = _waits ? null : Take();
        }

        Write(said);
    }

    public void Dispose() => _timer?.Dispose();

    private void OnPauseOver()
    {
        Said? said;
        lock (_gate) said = Take();
        Write(said);
    }

    /// <summary>What there is to say; while there was something, the next line waits.</summary>
    private Said? Take()
    {
        _waits = _since.Count > 0;
        if (!_waits) return null;
        var reasons = string.Join(" ", _since.Select(one => Line(one.Key, one.Value.Count, one.Value.Detail)));
        var isOrdinary = _since.Keys.All(one => one is JwtRefusal.Absent or JwtRefusal.Expired);
        var said = new Said(reasons, isOrdinary ? LogLevel.Information : LogLevel.Warning);
        _since.Clear();
        _timer ??= time.CreateTimer(_ => OnPauseOver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        return said;
    }

    private string Line(JwtRefusal refusal, int count, string? detail) =>
        string.Create(CultureInfo.InvariantCulture, $"{JwtRefusalHints.Word(refusal)} {count}: {_remedies.Of(refusal, detail)}.");

    private void Write(Said? said)
    {
        if (said is not null) Refused(log, said.Level, said.Reasons);
    }

    /// <param name="Level">Warning, unless sessions have merely ended or somebody asked without one.</param>
    private sealed record Said(string Reasons, LogLevel Level);

    [LoggerMessage(EventName = "jwts_refused", Message = "Requests of users had no JWT that is believed, by reason: {Reasons}")]
    private static partial void Refused(ILogger log, LogLevel level, string reasons);
}
