using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>
/// Keeps the records of authorization requests that are under way. A state is saved once and redeemed once, in one atomic step;
/// its redeemer settles it with an outcome, which later deliveries of the same callback are answered with.
/// </summary>
/// <remarks>Every member throws <see cref="StateStoreUnavailableException"/> when the store cannot be reached in time.</remarks>
internal interface IStateStore
{
    /// <summary>How long a user may take at the provider: RFC 6749, section 4.1.2 lets a code live ten minutes at most.</summary>
    static readonly TimeSpan StateLifetime = TimeSpan.FromSeconds(600);

    /// <summary>How long a redeemer may be silent before it counts as crashed: longer than an exchange and its save may take.</summary>
    static readonly TimeSpan PendingLifetime = TimeSpan.FromSeconds(30);

    /// <summary>How long an outcome is remembered for reloads and duplicate deliveries.</summary>
    static readonly TimeSpan OutcomeLifetime = TimeSpan.FromSeconds(120);

    /// <summary>How long a code may wait for its user's word: the frontend asks at once, and codes are short-lived.</summary>
    static readonly TimeSpan ParkedLifetime = TimeSpan.FromSeconds(120);

    /// <summary>Most records that one user may have waiting: tabs of a person, and a bound for whoever begins without end.</summary>
    const int MostPerUser = 5;

    /// <summary>
    /// Keeps the record under its nonce for <paramref name="lifetime"/>; of the user's records, only the latest <see cref="MostPerUser"/>
    /// stay, all in one atomic step. A nonce that is taken already is refused with an exception.
    /// </summary>
    Task SaveAsync(StateNonce nonce, AuthorizationState state, TimeSpan lifetime, CancellationToken cancel);

    /// <summary>
    /// Consumes the record and marks the nonce as pending, in one atomic step; or tells what became of it before.
    /// The redeemer that consumed it is given the record again for as long as it has not settled.
    /// </summary>
    Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, RedeemerId redeemer, CancellationToken cancel);

    /// <summary>What has become of a state that was redeemed: pending, settled, or absent. It never consumes a record.</summary>
    Task<Redemption> LookAsync(StateNonce nonce, UserId userId, CancellationToken cancel);

    /// <summary>Remembers the outcome for <see cref="OutcomeLifetime"/>.</summary>
    Task SettleAsync(StateNonce nonce, UserId userId, string outcome, CancellationToken cancel);
}

/// <summary>The state store could not be reached, or did not answer in time.</summary>
/// <param name="mayHaveTakenEffect">Whether it may have been carried out all the same: it may have been sent, and no answer came.</param>
internal sealed class StateStoreUnavailableException(
    string message, Exception? inner = null, bool mayHaveTakenEffect = false) : Exception(message, inner)
{
    public bool MayHaveTakenEffect { get; } = mayHaveTakenEffect;

    /// <summary>As it stands in a log.</summary>
    public override string ToString() => ExceptionSummary.Of(this);
}

/// <summary>What became of an attempt to redeem a state. Of all attempts with one state, exactly one is <see cref="Redeemed"/>.</summary>
internal abstract record Redemption
{
    private Redemption()
    {
    }

    /// <summary>The state was there and is consumed now: the caller carries on and must settle it.</summary>
    internal sealed record Redeemed(AuthorizationState State) : Redemption;

    /// <summary>Someone else redeemed it and has not settled it yet.</summary>
    internal sealed record Pending : Redemption;

    /// <summary>It was redeemed before, with this outcome.</summary>
    internal sealed record Settled(string Outcome) : Redemption;

    /// <summary>There is no such record: it expired, or was redeemed so long ago that nobody remembers.</summary>
    internal sealed record Absent : Redemption;
}
