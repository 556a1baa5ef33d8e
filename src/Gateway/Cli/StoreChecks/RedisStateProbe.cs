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

    private static readonly UserId ProbeUser = UserId.TryParse("fathom-gateway-doctor", out var id) ? id : throw new UnreachableException();

    /// <returns>Whether every value came back as it was written.</returns>
    /// <exception cref="StateStoreUnavailableException">Redis failed.</exception>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var nonce = StateNonce.Create();
        await states.SaveAsync(nonce, new AuthorizationState(ProbeUser, null), Lifetime, cancel);
        if (await states.RedeemAsync(nonce, ProbeUser, Guid.NewGuid(), cancel) is not Redemption.Redeemed) return false;
        await states.SettleAsync(nonce, ProbeUser, Outcome, cancel);
        return await states.PeekAsync(nonce, ProbeUser, cancel) is Redemption.Settled { Outcome: Outcome }
            && await states.RedeemAsync(nonce, ProbeUser, Guid.NewGuid(), cancel) is Redemption.Settled;
    }
}
