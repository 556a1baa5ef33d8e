using System.Collections.Concurrent;
using System.Diagnostics;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// What one user was answered, in order. The user's steps come one after the other; what a gateway does behind them need not.
/// </summary>
internal sealed class SoakUser(string id)
{
    /// <summary>Longer than the longest fault, and the time that a gateway takes for a disconnect.</summary>
    private static readonly TimeSpan MaxUnderWay = TimeSpan.FromMinutes(1);

    private int _attempts;
    private long _lost = Stopwatch.GetTimestamp() - (long)(MaxUnderWay.TotalSeconds * Stopwatch.Frequency);

    public string Id { get; } = id;

    /// <summary>The oldest attempt whose tokens may be seen from now on.</summary>
    public int Floor { get; private set; }

    /// <summary>Told "connected", and not disconnected since.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>The code of the connection that the user was told of; null where a later attempt may have taken its place.</summary>
    public string? OnlyCode => IsConnected && Floor == _attempts ? CodeOf(Floor) : null;

    /// <summary>The version of the token that was read last.</summary>
    public long? Version { get; set; }

    public int Begin() => ++_attempts;

    public string CodeOf(int attempt) => $"{Id}.{attempt}";

    public void Connected(int attempt) => (Floor, IsConnected) = (attempt, Stopwatch.GetElapsedTime(_lost) > MaxUnderWay);

    public void Disconnected() => (Floor, IsConnected, Version) = (_attempts + 1, false, null);

    /// <summary>It is unknown whether the user was disconnected: both are right until the user is told something again.</summary>
    /// <param name="isAnswered">
    /// Whether a gateway has answered. Where it has not, it may be suspended and not have read the request yet. HTTP has no means to take
    /// that request back, so it may end a later connection.
    /// </param>
    public void PerhapsDisconnected(bool isAnswered)
    {
        IsConnected = false;
        if (!isAnswered) _lost = Stopwatch.GetTimestamp();
    }
}

/// <summary>Counts, and everything that broke a promise.</summary>
internal sealed class SoakModel
{
    private readonly ConcurrentDictionary<string, int> _counts = [];
    private readonly ConcurrentQueue<string> _violations = [];

    public IReadOnlyCollection<string> Violations => _violations;

    public IEnumerable<(string Name, int Count)> Counts =>
        _counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value));

    public void Count(string name) => _counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    public void Violate(string promise, string what) => _violations.Enqueue($"{DateTimeOffset.UtcNow:HH:mm:ss} {promise}: {what}");
}
