using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

internal sealed partial class TokenCipher
{
    /// <summary>What every token begins with that is sealed now: envelope version and first key.</summary>
    public string CurrentPrefix => $"{Envelope.Version}:{ring.Current.Kid}:";

    /// <summary>The same token under the first key. One that is there already is returned as it stands.</summary>
    /// <returns>Null where no key of the ring opens it.</returns>
    public SealedToken? Reseal(SealedToken sealedToken, UserId userId, TokenColumn column)
    {
        if (Open(sealedToken, userId, column) is not { } token) return null;
        return sealedToken.Text.StartsWith(CurrentPrefix, StringComparison.Ordinal) ? sealedToken : Seal(token, userId, column);
    }
}
