using FathomGateway.Users;

namespace FathomGateway.Tokens;

internal sealed partial class SqliteConnectionStore
{
    /// <summary>Times are milliseconds since 1970-01-01 UTC.</summary>
    private sealed record Row(
        string GrantId,
        long Version,
        string AccessToken,
        string? RefreshToken,
        string? Scope,
        long ConnectedAt,
        long IssuedAt,
        long ExpiresAt,
        string? ReconnectReason,
        long? ReconnectAt)
    {
        public Connection ToConnection(UserId userId) => new(
            userId,
            Guid.Parse(GrantId),
            Version,
            new SealedToken(AccessToken),
            RefreshToken is null ? null : new SealedToken(RefreshToken),
            Scope,
            Time(ConnectedAt),
            Time(IssuedAt),
            Time(ExpiresAt),
            ReconnectReason is null ? null : new ReconnectRequired(ReconnectReason, Time(ReconnectAt ?? IssuedAt)));

        private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
