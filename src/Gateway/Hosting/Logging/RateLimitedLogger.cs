using System.Globalization;
using FathomGateway.Telemetry;

namespace FathomGateway.Hosting.Logging;

/// <summary>
/// A logger whose lines an anonymous request can cause. Each kind of line at Information or above is written once a minute, with the
/// number of lines that were left out since; every one is counted in a metric. Debug and Trace are not limited: whoever asks for them
/// asks for all.
/// </summary>
/// <param name="byMessage">Whether the text tells kinds apart: so it is with our own lines, whose values are words of ours. The
/// framework's hold ids of connections.</param>
internal sealed class RateLimitedLogger(ILogger inner, string category, LogLineLimit limit, GatewayMetrics metrics, bool byMessage) : ILogger
{
    /// <summary>Name of the value by which our lines name a user.</summary>
    private const string UserValue = "UserId";

    /// <summary>Name of the value by which our lines name a request.</summary>
    private const string TraceValue = "TraceId";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel < LogLevel.Information || !inner.IsEnabled(logLevel) || NamesUser(state))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        metrics.RequestFault(category, eventId.Name ?? eventId.Id.ToString(CultureInfo.InvariantCulture));
        var kind = new LogLineLimit.Kind(category, eventId.Id, logLevel, byMessage ? WithoutTrace(formatter(state, exception), state) : null);
        if (!limit.Allows(kind, out var leftOut)) return;

        string WithCount(TState values, Exception? failure) =>
            $"{formatter(values, failure)} ({leftOut} more lines of this kind were left out.)";
        inner.Log(logLevel, eventId, state, exception, leftOut == 0 ? formatter : WithCount);
    }

    private static bool NamesUser<TState>(TState state) => Value(state, UserValue) is not null;

    /// <summary>Each request has a trace of its own, and is no kind of its own for that.</summary>
    private static string WithoutTrace<TState>(string text, TState state) =>
        Value(state, TraceValue) is string { Length: > 0 } trace ? text.Replace(trace, "", StringComparison.Ordinal) : text;

    private static object? Value<TState>(TState state, string name) =>
        (state as IReadOnlyList<KeyValuePair<string, object?>>)?.FirstOrDefault(one => one.Key == name).Value;
}
