using System.Threading.RateLimiting;

namespace FathomGateway.Connect.Clients;

/// <summary>A token bucket per key: a burst, and one more request per refill interval.</summary>
/// <remarks>Per process: each replica has buckets of its own.</remarks>
internal sealed class KeyedRateLimiter<TKey>(int burst, TimeSpan refill) : IDisposable
    where TKey : notnull
{
    private readonly PartitionedRateLimiter<TKey> _limiter = PartitionedRateLimiter.Create<TKey, TKey>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = refill,
            QueueLimit = 0,
        }));

    /// <summary>Null where the request is allowed; otherwise the time to wait.</summary>
    public TimeSpan? Check(TKey key)
    {
        using var lease = _limiter.AttemptAcquire(key);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : refill;
    }

    public void Dispose() => _limiter.Dispose();
}
