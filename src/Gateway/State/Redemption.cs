namespace FathomGateway.State;

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
