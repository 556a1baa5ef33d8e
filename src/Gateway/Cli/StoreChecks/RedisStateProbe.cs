using System.Diagnostics;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>Saves, redeems and settles a test state with the commands that real states use. The rest of it expires.</summary>
internal sealed class RedisStateProbe(IStateStore states)
{
    /// <summary>Lifetime of the record; longer than any step takes.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const string Outcome = "probe";

    private static readonly UserId Nobody = UserId.TryParse("fathom-gateway-doctor", out var id) ? id : throw new UnreachableException();

    /// <returns>Whether every value came back as it was written.</returns>
    /// <exception cref="StateStoreUnavailableException">Redis failed.</exception>
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
