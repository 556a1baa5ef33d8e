using FathomGateway.Fathom;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Encrypts tokens and stores them: the one way from a token response to a row.</summary>
internal sealed class ConnectionWriter(TokenCipher cipher, IConnectionStore store)
{
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve; nothing is stored, or the answer was lost.</exception>
    public Task StoreAsync(UserId userId, TokenSet tokens, CancellationToken cancel) => store.StoreAsync(
        new NewConnection(
            userId,
            Guid.NewGuid(),
            cipher.Seal(tokens.AccessToken, userId, TokenColumn.AccessToken),
            tokens.RefreshToken is null ? null : cipher.Seal(tokens.RefreshToken, userId, TokenColumn.RefreshToken),
            tokens.Scope,
            tokens.Lifetime),
        cancel);
}
