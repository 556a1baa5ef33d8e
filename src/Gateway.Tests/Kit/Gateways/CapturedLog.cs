using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace FathomGateway.Tests.Kit;

/// <summary>Keeps every line that is logged, with its exception: to wait for one, and to look for secrets in all of them.</summary>
internal sealed partial class CapturedLog : ILoggerProvider
{
    private static readonly Dictionary<string, LogLevel> Levels = new()
    {
        ["info"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
        ["fail"] = LogLevel.Error,
        ["crit"] = LogLevel.Critical,
    };

    private readonly ConcurrentQueue<string> _lines = [];

    /// <summary>The lines that were written within a traced span.</summary>
    public ConcurrentQueue<string> Traced { get; } = [];

    /// <summary>The lines that were written by a thread of the socket engine.</summary>
    public ConcurrentQueue<string> OnSocketThreads { get; } = [];

    /// <summary>Called with each line by the thread that writes it, which may be made to wait.</summary>
    public Action<string>? Writing { get; set; }

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Warnings and worse, but for those that the start tells about the settings.</summary>
    public IReadOnlyList<string> Complaints => [.. _lines.Where(IsComplaint)];

    public override string ToString() => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void Dispose()
    {
        // The lines are looked at after the host has ended.
    }

    /// <summary>
    /// Takes a line of a process's console, as it is outside of Production: a time, the level, the category and the message.
    /// </summary>
    public void Read(string line)
    {
        var parts = ConsoleLine().Match(line);
        _lines.Enqueue(parts.Success ? $"{Levels[parts.Groups[1].Value]} {parts.Groups[2].Value} {parts.Groups[3].Value}" : line);
    }

    [GeneratedRegex(@"^[0-9:.]+ (info|warn|fail|crit): (\S+)\[[0-9]+\] (.*)$")]
    private static partial Regex ConsoleLine();

    private static bool IsComplaint(string line) =>
        Array.Exists(["Warning ", "Error ", "Critical "], level => line.StartsWith(level, StringComparison.Ordinal))
        && !line.Contains("StartupReport", StringComparison.Ordinal);

    private sealed class Logger(string category, CapturedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{logLevel} {category} {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}";
            log._lines.Enqueue(line);
            if (Activity.Current is not null) log.Traced.Enqueue(line);
            if (SocketThread.IsCurrent) log.OnSocketThreads.Enqueue(line);
            log.Writing?.Invoke(line);
        }
    }
}
