using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>Answers the later deliveries of a callback with the outcome of the first, waiting for it while that is still at work.</summary>
internal sealed class FirstOutcome(IStateStore states, TimeProvider time)
{
    /// <summary>As long as the first delivery may take from its redeem on: see <see cref="CodeExchange"/>.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks: short against an exchange, long against a look.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The outcome of a callback that has ended, or null; neither waits nor fails.</summary>
    public async Task<CallbackOutcome?> FindAsync(StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        try
        {
            return await states.FindOutcomeAsync(nonce, userId, cancel) is { } outcome ? CallbackOutcome.FromReceipt(outcome) : null;
        }
        catch (StateStoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Holds nothing while it waits: no lock, no database connection.</summary>
    public async Task<CallbackOutcome> WaitAsync(Redemption redemption, StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        var redeemer = RedeemerId.Create();
        while (redemption is Redemption.Pending && time.GetElapsedTime(begun) < LongestWait)
        {
            await Task.Delay(Pause, time, cancel);
            // Asking again consumes nothing: the record is gone, and only what became of it is told.
            redemption = await states.RedeemAsync(nonce, userId, redeemer, cancel);
        }

        return redemption switch
        {
            Redemption.Settled settled => CallbackOutcome.FromReceipt(settled.Outcome),
            Redemption.Pending => CallbackOutcome.TemporarilyUnavailable,
            _ => CallbackOutcome.ExpiredState,
        };
    }
}
