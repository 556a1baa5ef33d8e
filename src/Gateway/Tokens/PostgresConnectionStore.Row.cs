using FathomGateway.Users;

namespace FathomGateway.Tokens;

internal sealed partial class PostgresConnectionStore
{
    private sealed record Row(
        Guid GrantId,
        long Version,
        string AccessToken,
        string? RefreshToken,
        string? Scope,
        DateTime ConnectedAt,
        DateTime IssuedAt,
        DateTime ExpiresAt,
        string? ReconnectReason,
        DateTime? ReconnectAt)
    {
        public Connection ToConnection(UserId userId) => new(
            userId,
            GrantId,
            Version,
            new SealedToken(AccessToken),
            RefreshToken is null ? null : new SealedToken(RefreshToken),
            Scope,
            ConnectedAt,
            IssuedAt,
            ExpiresAt,
            ReconnectReason is null ? null : new ReconnectRequired(ReconnectReason, ReconnectAt ?? IssuedAt));
    }
}
