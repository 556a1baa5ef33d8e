using System.Collections.Concurrent;

namespace FathomGateway.Hosting.Logging;

/// <summary>Lets each kind of log line through once a minute, and counts the lines that it holds back.</summary>
internal sealed class LogLineLimit(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Messages that are told apart. There are a few dozen; the limit bounds the memory should one of them ever hold a client's text.
    /// </summary>
    private const int MostKinds = 1000;

    private readonly ConcurrentDictionary<Kind, Line> _lines = [];

    /// <summary>What two lines share that are of one kind.</summary>
    /// <param name="Message">The text, where the values in it tell kinds apart; null where the event alone does.</param>
    public readonly record struct Kind(string Category, int Event, LogLevel Level, string? Message);

    /// <summary>Whether a line of this kind may be written now.</summary>
    /// <param name="leftOut">How many lines of the kind were held back since the last one that was written.</param>
    public bool Allows(Kind kind, out long leftOut)
    {
        if (!_lines.TryGetValue(kind, out var line))
        {
            line = _lines.GetOrAdd(_lines.Count < MostKinds ? kind : kind with { Message = null }, _ => new Line());
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
