using System.Threading.RateLimiting;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>
/// Lets one user's codes be exchanged one after the other, where the provider is not slow: whether the next is sent depends on what was
/// said to the one before (<see cref="Tokens.RefusedExchanges"/>).
/// </summary>
internal sealed class CodeExchangeQueue : IDisposable
{
    /// <summary>
    /// A provider that is slower than this has more to do than to refuse made-up codes; the next goes on beside the one before.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly PartitionedRateLimiter<UserId> _turns = PartitionedRateLimiter.Create<UserId, UserId>(userId =>
        RateLimitPartition.GetConcurrencyLimiter(
            userId, _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = IStateStore.MostPerUser }));

    /// <summary>A turn, to be disposed of after the exchange; one that could not be had in time is not waited for.</summary>
    public async Task<IDisposable?> TakeAsync(UserId userId, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(LongestWait);
        try
        {
            return await _turns.AcquireAsync(userId, cancellationToken: limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _turns.Dispose();
}
