using System.Collections.Concurrent;
using FathomGateway.Tokens.Encryption;

namespace FathomGateway.Tokens.Refresh;

/// <summary>Finds the result of a request for an access token from the row alone, without a call to the provider.</summary>
internal sealed partial class StoredAccessToken(TokenCipher cipher, ILogger<StoredAccessToken> log)
{
    /// <summary>
    /// Most rows that are remembered as reported. Above it, rows are forgotten and reported again, so that memory is bounded.
    /// </summary>
    private const int MaxRemembered = 10_000;

    /// <summary>
    /// When a caller may retry, where the row has a newer version whose token has expired already. The next request starts with that
    /// version.
    /// </summary>
    private static readonly TimeSpan NewerVersionPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(Guid GrantId, long Version), byte> _reported = [];

    /// <returns>The stored token, expired or not, or why there is none.</returns>
    public AccessTokenResult Of(ConnectionSnapshot? snapshot)
    {
        if (snapshot?.Connection is not { } row) return new AccessTokenResult.NotConnected();
        if (row.Reconnect is { } reconnect) return new AccessTokenResult.MustReconnect(reconnect);
        return cipher.Open(row.AccessToken, row.UserId, TokenColumn.AccessToken) is { } token
            ? new AccessTokenResult.Granted(token, row.ExpiresAt, row.Version)
            : Unreadable(snapshot);
    }

    /// <summary>
    /// Why the user has to connect again, by the row and the keys; null where the connection can be used. It is not logged: a list after a
    /// lost key would write a line for each row, and the caller is told.
    /// </summary>
    public ReconnectRequired? ReconnectOf(ConnectionSnapshot snapshot)
    {
        var row = snapshot.Connection;
        if (row.Reconnect is { } known) return known;
        var opens = cipher.Open(row.AccessToken, row.UserId, TokenColumn.AccessToken) is not null
            && (row.RefreshToken is not { } refresh || cipher.Open(refresh, row.UserId, TokenColumn.RefreshToken) is not null);
        return opens ? null : UnreadableSince(snapshot);
    }

    /// <summary>The result by a row that has changed since the lease was taken or requested.</summary>
    /// <returns>Null while the row is unchanged.</returns>
    public AccessTokenResult? ResultIfChanged(RefreshLease lease, ConnectionSnapshot? snapshot)
    {
        var result = Of(snapshot);
        if (result is not AccessTokenResult.Granted) return result;
        if (snapshot!.IsOf(lease)) return null;
        return snapshot.Left > TimeSpan.Zero ? result : new AccessTokenResult.Unavailable(NewerVersionPause);
    }

    /// <summary>
    /// The result of a request for a token whose row no key opens. It is logged once per version of the row. The row is not marked, because
    /// a key that is set again opens it.
    /// </summary>
    public AccessTokenResult.MustReconnect Unreadable(ConnectionSnapshot snapshot)
    {
        var row = snapshot.Connection;
        if (_reported.Count >= MaxRemembered) _reported.Clear();
        if (_reported.TryAdd((row.GrantId, row.Version), 0)) Unreadable(log, row.UserId.Value, row.Version);
        return new AccessTokenResult.MustReconnect(UnreadableSince(snapshot));
    }

    private static ReconnectRequired UnreadableSince(ConnectionSnapshot snapshot) => new(ReconnectReason.Unreadable, snapshot.Now);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "No key of TOKEN_ENCRYPTION_KEYS opens the tokens of user {UserId} (version {Version}). The row is kept: "
            + "put the key that sealed it back, or the user has to connect again.")]
    private static partial void Unreadable(ILogger log, string userId, long version);
}
