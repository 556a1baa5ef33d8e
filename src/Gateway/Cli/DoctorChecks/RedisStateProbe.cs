using System.Diagnostics;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Cli.DoctorChecks;

/// <summary>
/// A state of nobody's, from its save to its outcome, by the very commands that users' states take. What it leaves expires by itself.
/// </summary>
internal sealed class RedisStateProbe(IStateStore states)
{
    /// <summary>Of the record; longer than any of the steps may take.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const string Outcome = "probe";

    private static readonly UserId Nobody = UserId.TryParse("fathom-gateway-doctor", out var id) ? id : throw new UnreachableException();

    /// <returns>Whether everything came back as it was written.</returns>
    /// <exception cref="StateStoreUnavailableException">Redis did not do it.</exception>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var (nonce, redeemer) = (StateNonce.Create(), RedeemerId.Create());
        await states.SaveAsync(nonce, new AuthorizationState(Nobody, null), Lifetime, cancel);
        if (await states.RedeemAsync(nonce, Nobody, redeemer, cancel) is not Redemption.Redeemed) return false;
        await states.SettleAsync(nonce, Nobody, Outcome, cancel);
        return await states.LookAsync(nonce, Nobody, cancel) is Redemption.Settled { Outcome: Outcome }
            && await states.RedeemAsync(nonce, Nobody, RedeemerId.Create(), cancel) is Redemption.Settled;
    }
}
