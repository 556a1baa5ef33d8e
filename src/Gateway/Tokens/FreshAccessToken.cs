using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>An access token of the user's that can be used now.</summary>
internal sealed class FreshAccessToken(IConnectionStore store, TokenCipher cipher)
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <param name="rejectedVersion">"The provider refused the token of this version": forces one refresh, unless the row has moved on already.</param>
    /// <param name="cancel">Ends this caller's wait, and nothing that others or the provider may depend on.</param>
    public async Task<AccessTokenResult> GetAsync(UserId userId, long? rejectedVersion, CancellationToken cancel)
    {
        try
        {
            if (await store.FindAsync(userId, cancel) is not { } row) return new AccessTokenResult.NotConnected();
            if (row.Reconnect is not null) return new AccessTokenResult.MustReconnect(row.Reconnect);
            return cipher.Open(row.AccessToken, userId, TokenColumn.AccessToken) is { } token
                ? new AccessTokenResult.Granted(token, row.ExpiresAt, row.Version)
                : new AccessTokenResult.MustReconnect(new ReconnectRequired(ReconnectReason.Unreadable, DateTimeOffset.UtcNow));
        }
        catch (ConnectionStoreUnavailableException)
        {
            return new AccessTokenResult.Unavailable(StorePause);
        }
    }
}
