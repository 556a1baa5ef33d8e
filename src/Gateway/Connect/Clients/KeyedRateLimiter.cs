using System.Threading.RateLimiting;

namespace FathomGateway.Connect.Clients;

/// <summary>A token bucket for each key: so many at once, and one more every so often.</summary>
/// <remarks>Per process: with several replicas a key has that many at each.</remarks>
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

    /// <summary>Null where the key may go on; otherwise how long to wait.</summary>
    public TimeSpan? Check(TKey key)
    {
        using var lease = _limiter.AttemptAcquire(key);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : refill;
    }

    public void Dispose() => _limiter.Dispose();
}
