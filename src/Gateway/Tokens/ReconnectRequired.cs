namespace FathomGateway.Tokens;

/// <summary>Only the user can mend this connection, by connecting again.</summary>
/// <param name="Reason">One of <see cref="ReconnectReason"/>.</param>
/// <param name="At">When it was found out.</param>
internal sealed record ReconnectRequired(string Reason, DateTimeOffset At);

/// <summary>Why a connection can be used no more, as the internal API tells it.</summary>
internal static class ReconnectReason
{
    /// <summary>The provider refused the refresh token (<c>invalid_grant</c>): revoked, used up, or expired.</summary>
    public const string RefreshRefused = "refresh_refused";

    /// <summary>The access token has ended and the provider never sent a refresh token.</summary>
    public const string NoRefreshToken = "no_refresh_token";

    /// <summary>No key of TOKEN_ENCRYPTION_KEYS opens the row. It is kept: a key that comes back opens it again.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>For a day the provider has answered every refresh with a refusal (4xx) that says nothing of the refresh token.</summary>
    public const string RefusedForLong = "refused_for_long";
}
