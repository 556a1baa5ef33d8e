using System.Collections.Concurrent;

namespace FathomGateway.Hosting.Logging;

/// <summary>Allows one log line of each kind per minute and counts the lines that it suppresses.</summary>
internal sealed class LogLineLimit(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Largest number of distinct kinds. A few dozen exist; the limit bounds the memory if a line should ever hold a client's text.
    /// </summary>
    private const int MaxKinds = 1000;

    private readonly ConcurrentDictionary<Kind, Line> _lines = [];

    /// <summary>The key of lines that count as one kind.</summary>
    /// <param name="Message">The text, where its values distinguish kinds; null where the event alone does.</param>
    public readonly record struct Kind(string Category, int Event, LogLevel Level, string? Message);

    /// <summary>Whether a line of this kind may be written now.</summary>
    /// <param name="leftOut">Number of suppressed lines of the kind since the last written one.</param>
    public bool Allows(Kind kind, out long leftOut)
    {
        if (!_lines.TryGetValue(kind, out var line))
        {
            line = _lines.GetOrAdd(_lines.Count < MaxKinds ? kind : kind with { Message = null }, _ => new Line());
        }

        lock (line)
        {
            leftOut = line.LeftOut;
            if (line.Written is { } written && time.GetElapsedTime(written) < Pause)
            {
                line.LeftOut++;
                return false;
            }

            (line.Written, line.LeftOut) = (time.GetTimestamp(), 0);
            return true;
        }
    }

    private sealed class Line
    {
        public long? Written { get; set; }

        public long LeftOut { get; set; }
    }
}
