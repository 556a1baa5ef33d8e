using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// Stores the records of authorization requests. A state is saved once, and redeemed once in one atomic step. Its redeemer then settles it:
/// stores the outcome, which is the answer to later deliveries of the same callback.
/// </summary>
/// <remarks>Every member throws <see cref="StateStoreUnavailableException"/> when the store cannot be reached in time.</remarks>
internal interface IStateStore
{
    /// <summary>How long a user may take at the provider. RFC 6749, section 4.1.2 lets a code live ten minutes at most.</summary>
    static readonly TimeSpan StateLifetime = TimeSpan.FromSeconds(600);

    /// <summary>Time after which a redeemer counts as crashed. An exchange and its save take less.</summary>
    static readonly TimeSpan PendingLifetime = TimeSpan.FromSeconds(30);

    /// <summary>How long an outcome is remembered for reloads and duplicate deliveries.</summary>
    static readonly TimeSpan OutcomeLifetime = TimeSpan.FromSeconds(120);

    /// <summary>How long a code may wait for its confirmation. The frontend confirms at once, and codes are short-lived.</summary>
    static readonly TimeSpan ParkedLifetime = TimeSpan.FromSeconds(120);

    /// <summary>Largest number of records of one user: enough for the tabs of a person, and a limit for a client in a loop.</summary>
    const int MaxPerUser = 5;

    /// <summary>
    /// Stores the record under its nonce for <paramref name="lifetime"/>, and deletes the user's oldest records beyond
    /// <see cref="MaxPerUser"/>, in one atomic step.
    /// </summary>
    /// <exception cref="InvalidOperationException">The nonce is taken already.</exception>
    Task SaveAsync(StateNonce nonce, AuthorizationState state, TimeSpan lifetime, CancellationToken cancel);

    /// <summary>
    /// Consumes the record and marks the nonce as pending, in one atomic step. Without a record it returns the current state of the nonce.
    /// </summary>
    /// <param name="redeemer">
    /// A new id for each attempt. A redeemer whose answer was lost asks again with the same id and gets the same answer. For every other
    /// redeemer the state is pending.
    /// </param>
    Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, Guid redeemer, CancellationToken cancel);

    /// <summary>The current state of the nonce: pending, settled or absent. Consumes no record.</summary>
    Task<Redemption> PeekAsync(StateNonce nonce, UserId userId, CancellationToken cancel);

    /// <summary>Stores the outcome for <see cref="OutcomeLifetime"/>.</summary>
    Task SettleAsync(StateNonce nonce, UserId userId, string outcome, CancellationToken cancel);
}

/// <summary>The state store could not be reached, or did not answer in time.</summary>
/// <param name="mayHaveTakenEffect">Whether the command may have been executed, because it may have been sent and no answer came.</param>
internal sealed class StateStoreUnavailableException(
    string message, Exception? inner = null, bool mayHaveTakenEffect = false) : Exception(message, inner)
{
    public bool MayHaveTakenEffect { get; } = mayHaveTakenEffect;

    /// <summary>The text for a log.</summary>
    public override string ToString() => ExceptionSummary.Of(this);
}

/// <summary>Result of an attempt to redeem a state. Of all attempts with one state, exactly one is <see cref="Redeemed"/>.</summary>
internal abstract record Redemption
{
    private Redemption()
    {
    }

    /// <summary>The record is consumed. The caller must settle it.</summary>
    internal sealed record Redeemed(AuthorizationState State) : Redemption;

    /// <summary>Another redeemer has consumed the record and has not settled it yet.</summary>
    internal sealed record Pending : Redemption;

    /// <summary>The state was redeemed before, with this outcome.</summary>
    internal sealed record Settled(string Outcome) : Redemption;

    /// <summary>There is neither a record nor an outcome: both have expired, or never existed.</summary>
    internal sealed record Absent : Redemption;
}
