using System.Collections.Concurrent;
using FathomGateway.Tokens.Encryption;

namespace FathomGateway.Tokens.Refresh;

/// <summary>The answer to a request for an access token that the row alone gives.</summary>
internal sealed partial class StoredAccessToken(TokenCipher cipher, ILogger<StoredAccessToken> log)
{
    /// <summary>Most rows remembered as reported. Beyond it rows are reported again, so that memory does not grow with the table.</summary>
    private const int MaxRemembered = 10_000;

    /// <summary>For a row that has a newer version whose token has expired already. The next request starts with that version.</summary>
    private static readonly TimeSpan MovedPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(Guid GrantId, long Version), byte> _reported = [];

    /// <returns>The stored token, expired or not, or why there is none.</returns>
    public AccessTokenResult Of(ConnectionSnapshot? reading)
    {
        if (reading?.Connection is not { } row) return new AccessTokenResult.NotConnected();
        if (row.Reconnect is { } reconnect) return new AccessTokenResult.MustReconnect(reconnect);
        return cipher.Open(row.AccessToken, row.UserId, TokenColumn.AccessToken) is { } token
            ? new AccessTokenResult.Granted(token, row.ExpiresAt, row.Version)
            : Unreadable(reading);
    }

    /// <summary>Why the user has to connect again, by the row and the keys; null where the connection can be used.</summary>
    public ReconnectRequired? ReconnectOf(ConnectionSnapshot reading)
    {
        var row = reading.Connection;
        if (row.Reconnect is { } known) return known;
        var opens = cipher.Open(row.AccessToken, row.UserId, TokenColumn.AccessToken) is not null
            && (row.RefreshToken is not { } refresh || cipher.Open(refresh, row.UserId, TokenColumn.RefreshToken) is not null);
        return opens ? null : Unreadable(reading).Reconnect;
    }

    /// <summary>The answer by a row that has changed since the lease was taken or asked for.</summary>
    /// <returns>Null while the row is unchanged.</returns>
    public AccessTokenResult? Since(RefreshLease lease, ConnectionSnapshot? reading)
    {
        var now = Of(reading);
        if (now is not AccessTokenResult.Granted) return now;
        if (reading!.IsOf(lease)) return null;
        return reading.Left > TimeSpan.Zero ? now : new AccessTokenResult.Unavailable(MovedPause);
    }

    /// <summary>It is logged once per version of the row, and stored nowhere: a key that comes back opens the row again.</summary>
    public AccessTokenResult.MustReconnect Unreadable(ConnectionSnapshot reading)
    {
        var row = reading.Connection;
        if (_reported.Count >= MaxRemembered) _reported.Clear();
        if (_reported.TryAdd((row.GrantId, row.Version), 0)) Unreadable(log, row.UserId.Value, row.Version);
        return new AccessTokenResult.MustReconnect(new ReconnectRequired(ReconnectReason.Unreadable, reading.Now));
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "No key of TOKEN_ENCRYPTION_KEYS opens the tokens of user {UserId} (version {Version}). The row is kept: "
            + "put the key that sealed it back, or the user has to connect again.")]
    private static partial void Unreadable(ILogger log, string userId, long version);
}
