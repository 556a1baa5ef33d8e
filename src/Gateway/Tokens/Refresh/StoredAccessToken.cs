using System.Collections.Concurrent;
using FathomGateway.Tokens.Encryption;

namespace FathomGateway.Tokens.Refresh;

/// <summary>What the row alone says to who asks for an access token.</summary>
internal sealed partial class StoredAccessToken(TokenCipher cipher, ILogger<StoredAccessToken> log)
{
    /// <summary>Rows that are remembered as reported; beyond it some are reported again, which beats growing with the table.</summary>
    private const int MostRemembered = 10_000;

    /// <summary>For a row that has moved on and is over all the same: who asks again begins with the new version.</summary>
    private static readonly TimeSpan MovedPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(Guid GrantId, long Version), byte> _reported = [];

    /// <returns>The stored token, be it over or not, or why there is none.</returns>
    public AccessTokenResult Of(ConnectionSnapshot? reading)
    {
        if (reading?.Connection is not { } row) return new AccessTokenResult.NotConnected();
        if (row.Reconnect is { } reconnect) return new AccessTokenResult.MustReconnect(reconnect);
        return cipher.Open(row.AccessToken, row.UserId, TokenColumn.AccessToken) is { } token
            ? new AccessTokenResult.Granted(token, row.ExpiresAt, row.Version)
            : Unreadable(row, reading.Now);
    }

    /// <summary>Why only the user can mend a connection, as the row and the keys tell; null where it can be used.</summary>
    public ReconnectRequired? ReconnectOf(ConnectionSnapshot reading)
    {
        var row = reading.Connection;
        if (row.Reconnect is { } known) return known;
        var opens = cipher.Open(row.AccessToken, row.UserId, TokenColumn.AccessToken) is not null
            && (row.RefreshToken is not { } refresh || cipher.Open(refresh, row.UserId, TokenColumn.RefreshToken) is not null);
        return opens ? null : Unreadable(row, reading.Now).Reconnect;
    }

    /// <summary>What has become of the row since the lease was taken, or wanted.</summary>
    /// <returns>Null while it is as it was.</returns>
    public AccessTokenResult? Since(RefreshLease lease, ConnectionSnapshot? reading)
    {
        var now = Of(reading);
        if (now is not AccessTokenResult.Granted) return now;
        if (reading!.IsOf(lease)) return null;
        return reading.Left > TimeSpan.Zero ? now : new AccessTokenResult.Unavailable(MovedPause);
    }

    /// <summary>Told, reported once a version of the row, and written nowhere: a key that comes back heals it.</summary>
    public AccessTokenResult.MustReconnect Unreadable(Connection row, DateTimeOffset now)
    {
        if (_reported.Count >= MostRemembered) _reported.Clear();
        if (_reported.TryAdd((row.GrantId, row.Version), 0)) Unreadable(log, row.UserId.Value, row.Version);
        return new AccessTokenResult.MustReconnect(new ReconnectRequired(ReconnectReason.Unreadable, now));
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "No key of TOKEN_ENCRYPTION_KEYS opens the tokens of user {UserId} (version {Version}). The row is kept: "
            + "put the key that sealed it back, or the user has to connect again.")]
    private static partial void Unreadable(ILogger log, string userId, long version);
}
