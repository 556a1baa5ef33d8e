using System.Threading.RateLimiting;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>Bounds how often one user may begin to connect: each attempt leaves a record in the state store.</summary>
/// <remarks>Per process: with several replicas a user may do so that many times at each.</remarks>
internal sealed class ConnectRateLimit : IDisposable
{
    /// <summary>Attempts at once, for people who click again.</summary>
    private const int Burst = 5;

    /// <summary>
    /// One more every six seconds: ten a minute. A little less, because the limiter looks at its clock ten times a second,
    /// and who waits as long as <c>Retry-After</c> says, in whole seconds, must find it done.
    /// </summary>
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(5.8);

    private readonly PartitionedRateLimiter<UserId> _limiter = PartitionedRateLimiter.Create<UserId, UserId>(
        user => RateLimitPartition.GetTokenBucketLimiter(user, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = Refill,
            QueueLimit = 0,
        }));

    /// <summary>Null where the user may go on; otherwise how long to wait.</summary>
    public TimeSpan? Check(UserId user)
    {
        using var lease = _limiter.AttemptAcquire(user);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Refill;
    }

    public void Dispose() => _limiter.Dispose();
}
