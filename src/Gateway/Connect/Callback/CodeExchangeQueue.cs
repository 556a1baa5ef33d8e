using System.Threading.RateLimiting;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>
/// Exchanges the codes of one user one after the other while the provider is fast, because the previous result decides whether the next
/// code is sent (<see cref="Tokens.Budget.RefusedExchanges"/>).
/// </summary>
internal sealed class CodeExchangeQueue : IDisposable
{
    /// <summary>
    /// How long an exchange waits for the one before. A provider that takes longer has another problem than invented codes, so the next
    /// exchange then runs concurrently.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    private readonly PartitionedRateLimiter<UserId> _turns = PartitionedRateLimiter.Create<UserId, UserId>(userId =>
        RateLimitPartition.GetConcurrencyLimiter(
            userId, _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = IStateStore.MaxPerUser }));

    /// <summary>
    /// A turn, to dispose after the exchange. Where none became free in time, the result is null. Where too many exchanges wait, it is a
    /// lease that holds no turn. In both cases the exchange runs concurrently.
    /// </summary>
    public async Task<IDisposable?> TakeAsync(UserId userId, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(MaxWait);
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
