namespace FathomGateway.Tokens;

/// <summary>Why a connection can be used no more, as the internal API tells it.</summary>
internal static class ReconnectReason
{
    /// <summary>The provider refused the refresh token (<c>invalid_grant</c>): revoked, used up, or expired.</summary>
    public const string RefreshRefused = "refresh_refused";

    /// <summary>The access token has ended and the provider never sent a refresh token.</summary>
    public const string NoRefreshToken = "no_refresh_token";

    /// <summary>No key of TOKEN_ENCRYPTION_KEYS opens the row. It is kept: a key that comes back opens it again.</summary>
    public const string Unreadable = "unreadable";
}
