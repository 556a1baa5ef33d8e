using System.Collections.Concurrent;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// What one user was answered, in order. The user's steps come one after the other; what a gateway does behind them need not.
/// </summary>
internal sealed class SoakUser(string id)
{
    private int _attempts;

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

    public void Connected(int attempt) => (Floor, IsConnected) = (attempt, true);

    public void Disconnected() => (Floor, IsConnected, Version) = (_attempts + 1, false, null);

    /// <summary>It is unknown whether the user was disconnected: both are right from now on.</summary>
    public void PerhapsDisconnected() => IsConnected = false;
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
