using System.Globalization;
using FathomGateway.Telemetry;

namespace FathomGateway.Hosting.Logging;

/// <summary>
/// A logger for lines that an anonymous request can cause. Writes each kind of line at Information or above once a minute with the number
/// of suppressed lines. A metric counts all of them. Debug and Trace are not limited, because an operator who enables them wants
/// everything.
/// </summary>
/// <param name="byMessage">Whether the text distinguishes kinds. It does for the gateway's lines, whose values are fixed words. The
/// framework's lines hold connection ids.</param>
internal sealed class RateLimitedLogger(
    ILogger inner, string category, LogLineLimit limit, GatewayMetrics metrics, bool byMessage) : ILogger
{
    /// <summary>Name of the user's value in the gateway's lines.</summary>
    private const string UserValue = "UserId";

    /// <summary>Name of the request's value in the gateway's lines.</summary>
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
        var kind = new LogLineLimit.Kind(
            category, eventId.Id, logLevel, byMessage ? WithoutTrace(formatter(state, exception), state) : null);
        if (!limit.Allows(kind, out var leftOut)) return;

        string WithCount(TState values, Exception? failure) =>
            $"{formatter(values, failure)} ({leftOut} more lines of this kind were left out.)";
        inner.Log(logLevel, eventId, state, exception, leftOut == 0 ? formatter : WithCount);
    }

    private static bool NamesUser<TState>(TState state) => Value(state, UserValue) is not null;

    /// <summary>Removes the trace id, which is different for each request and must not make a kind.</summary>
    private static string WithoutTrace<TState>(string text, TState state) =>
        Value(state, TraceValue) is string { Length: > 0 } trace ? text.Replace(trace, "", StringComparison.Ordinal) : text;

    private static object? Value<TState>(TState state, string name) =>
        (state as IReadOnlyList<KeyValuePair<string, object?>>)?.FirstOrDefault(one => one.Key == name).Value;
}
