using FathomGateway.Limits.Connections;

namespace FathomGateway.Limits;

/// <summary>
/// Records refusals and evictions: counts them for the metrics, remembers them for the readiness probe, and logs each kind once a minute.
/// </summary>
internal sealed partial class LimitEvents(ProcessLimits bounds, TimeProvider time, ILogger<LimitEvents> log)
{
    private static readonly TimeSpan LogPause = TimeSpan.FromMinutes(1);

    private readonly long[] _evictions = new long[Enum.GetValues<EvictionReason>().Length];
    private readonly long[] _refusals = new long[Enum.GetValues<LimitRefusal>().Length];
    private long _descriptorsLogged;
    private long _memoryLogged;
    private long _lastShortage;
    private long _memoryShortages;

    /// <summary>Whether anything was refused or closed to make room within the last minute.</summary>
    public bool HasBeenShort => Volatile.Read(ref _lastShortage) is var last and not 0 && time.GetElapsedTime(last) < LogPause;

    public long MemoryShortages => Volatile.Read(ref _memoryShortages);

    public long Count(EvictionReason reason) => Volatile.Read(ref _evictions[(int)reason]);

    public long Count(LimitRefusal refusal) => Volatile.Read(ref _refusals[(int)refusal]);

    public void Evicted(EvictionReason reason) => Interlocked.Increment(ref _evictions[(int)reason]);

    public void Refused(LimitRefusal refusal) => Interlocked.Increment(ref _refusals[(int)refusal]);

    public void DescriptorsAreShort()
    {
        if (RecordShortage(ref _descriptorsLogged)) TooManyConnections(log, bounds.Connections);
    }

    public void MemoryIsShort()
    {
        Interlocked.Increment(ref _memoryShortages);
        const int Megabyte = 1024 * 1024;
        if (RecordShortage(ref _memoryLogged)) TooMuchMemory(log, bounds.Memory / Megabyte);
    }

    /// <summary>Records a shortage for <see cref="HasBeenShort"/>.</summary>
    /// <param name="loggedAt">Timestamp of the last log line about this kind of shortage; 0 where there was none.</param>
    /// <returns>Whether to log it: the last line is a minute ago.</returns>
    private bool RecordShortage(ref long loggedAt)
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _lastShortage, now);
        var last = Volatile.Read(ref loggedAt);
        return (last == 0 || time.GetElapsedTime(last, now) >= LogPause) && Interlocked.CompareExchange(ref loggedAt, now, last) == last;
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "The limit on open files leaves room for {Most} connections: unused and idle ones are closed for new ones, or new ones are " +
        "refused. Raise it (ulimit -n) or run more replicas.")]
    private static partial void TooManyConnections(ILogger log, int most);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Connections and requests have reached their limit of {Most} MB of this process's memory: unused and idle connections are " +
        "closed, or connections and requests are refused. Give it more memory or run more replicas.")]
    private static partial void TooMuchMemory(ILogger log, long most);
}
