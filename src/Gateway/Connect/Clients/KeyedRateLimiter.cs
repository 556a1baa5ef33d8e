using System.Collections.Concurrent;

namespace FathomGateway.Connect.Clients;

/// <summary>A token bucket per key: a burst, and one more request per refill interval.</summary>
/// <remarks>
/// Each replica has its own buckets. A bucket is stored as the time at which it is full again (generic cell rate algorithm). A full bucket
/// is forgotten. The framework's limiter keeps an object per key and visits all of them ten times a second. With 50,000 users that took 5 %
/// of the CPU time of <c>/fathom/connect</c> (profile of commit efa53c3).
/// </remarks>
internal sealed class KeyedRateLimiter<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, long> _fullAt = [];
    private readonly TimeProvider _time;
    private readonly long _step;
    private readonly long _burst;
    private long _swept;

    /// <param name="burst">Tokens of a full bucket.</param>
    /// <param name="refill">Interval in which a bucket gets one token back.</param>
    public KeyedRateLimiter(int burst, TimeSpan refill, TimeProvider time)
    {
        (_time, _swept) = (time, time.GetTimestamp());
        _step = (long)(refill.TotalSeconds * time.TimestampFrequency);
        _burst = burst * _step;
    }

    /// <summary>Buckets that are kept: those that are not full, and those that became full since the last sweep.</summary>
    public int Count => _fullAt.Count;

    /// <summary>Null where the request is allowed; otherwise the time to wait.</summary>
    public TimeSpan? Check(TKey key)
    {
        var now = _time.GetTimestamp();
        SweepIfDue(now);
        while (true)
        {
            var isKnown = _fullAt.TryGetValue(key, out var known);
            var fullAt = Math.Max(known, now) + _step;
            if (fullAt - now > _burst) return _time.GetElapsedTime(now, fullAt - _burst);
            if (isKnown ? _fullAt.TryUpdate(key, fullAt, known) : _fullAt.TryAdd(key, fullAt)) return null;
        }
    }

    /// <summary>Forgets full buckets, once per interval in which an empty bucket becomes full.</summary>
    private void SweepIfDue(long now)
    {
        var swept = Volatile.Read(ref _swept);
        if (now - swept < _burst || Interlocked.CompareExchange(ref _swept, now, swept) != swept) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static work =>
            {
                foreach (var bucket in work.Buckets)
                {
                    // A bucket that was used meanwhile has another value, and stays.
                    if (bucket.Value <= work.Now) work.Buckets.TryRemove(bucket);
                }
            },
            (Buckets: _fullAt, Now: now),
            preferLocal: false);
    }
}
