using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>A user's connection to Fathom: one row. All times are the database's, in UTC.</summary>
/// <param name="GrantId">Identifies the consent that the tokens come from. A connect has a new one, and a refresh keeps it.</param>
/// <param name="Version">Counts every change of the row's tokens, from 1.</param>
/// <param name="ConnectedAt">When the user last went through the provider's consent.</param>
/// <param name="IssuedAt">When the access token was issued.</param>
/// <param name="ExpiresAt">When the access token expires.</param>
/// <param name="Reconnect">Why the user has to connect again; null while the connection can be used.</param>
internal sealed record Connection(
    UserId UserId,
    Guid GrantId,
    long Version,
    SealedToken AccessToken,
    SealedToken? RefreshToken,
    string? Scope,
    DateTimeOffset ConnectedAt,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    ReconnectRequired? Reconnect)
{
    public static Connection Read(DbDataReader row) => new(
        row.GetUserId("UserId"), row.GetGuid("GrantId"), row.GetInt64("Version"), row.GetToken("AccessToken"),
        row.GetTokenOrNull("RefreshToken"), row.GetStringOrNull("Scope"), row.GetTime("ConnectedAt"), row.GetTime("IssuedAt"),
        row.GetTime("ExpiresAt"), ReconnectRequired.Read(row));
}

/// <summary>Result of storing a connection.</summary>
internal enum StoreResult
{
    /// <summary>The user's row has this grant.</summary>
    Stored,

    /// <summary>The user's row has a grant that was issued later, and stays.</summary>
    Overtaken,

    /// <summary>The user has disconnected since the tokens were issued, and has no row.</summary>
    Disconnected,
}

/// <summary>Why the user has to connect again.</summary>
/// <param name="Reason">One of <see cref="ReconnectReason"/>.</param>
/// <param name="At">Since when.</param>
internal sealed record ReconnectRequired(string Reason, DateTimeOffset At)
{
    /// <returns>Null for a row that is not marked.</returns>
    public static ReconnectRequired? Read(DbDataReader row) => row.GetStringOrNull("ReconnectReason") is { } reason
        ? new ReconnectRequired(reason, row.GetTimeOrNull("ReconnectAt") ?? row.GetTime("IssuedAt"))
        : null;
}

/// <summary>The member <c>reason</c> of the internal API: why the user has to connect again.</summary>
internal static class ReconnectReason
{
    /// <summary>The provider refused the refresh token (<c>invalid_grant</c>): revoked, used up, or expired.</summary>
    public const string RefreshRefused = "refresh_refused";

    /// <summary>The access token has expired, and the provider never sent a refresh token.</summary>
    public const string NoRefreshToken = "no_refresh_token";

    /// <summary>No key of TOKEN_ENCRYPTION_KEYS opens the row. The row is kept, because a key that is set again opens it.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>For a day the provider has answered every refresh with a refusal (4xx) that does not concern the refresh token.</summary>
    public const string RefusedForLong = "refused_for_long";
}
