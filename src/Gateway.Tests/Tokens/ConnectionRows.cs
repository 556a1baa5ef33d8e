using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>What tests do to stored connections that no user does.</summary>
internal static class ConnectionRows
{
    /// <summary>PostgreSQL: all that is stored was done an hour later.</summary>
    public static async Task MoveIntoTheFutureAsync(PostgresHosts hosts)
    {
        await using var session = await hosts.OpenAsync(TestContext.Current.CancellationToken);
        await session.Connection.ExecuteAsync(
            "UPDATE fathom_connections SET connected_at = connected_at + interval '1 hour'; UPDATE fathom_disconnects SET disconnected_at "
                + "= disconnected_at + interval '1 hour'");
    }

    /// <summary>After whatever has been stored or ended before, however close together the two are.</summary>
    public static DateTimeOffset AfterAll => DateTimeOffset.UtcNow.AddMinutes(10);

    /// <summary>What a connect has brought, after all that the user has done before.</summary>
    public static IssuedTokens Issued(
        UserId user, SealedToken accessToken, SealedToken? refreshToken = null, string? scope = null, int seconds = 3600) =>
        new(user, Guid.NewGuid(), 0, accessToken, refreshToken, scope, TimeSpan.FromSeconds(seconds), AfterAll, TimeSpan.Zero);

    /// <summary>What a refresh of the lease's version has brought: a pair that lives for an hour.</summary>
    public static IssuedTokens Refreshed(TokenCipher cipher, RefreshLease lease, string accessToken, string refreshToken) => Issued(
        lease.UserId,
        cipher.Seal(accessToken, lease.UserId, TokenColumn.AccessToken),
        cipher.Seal(refreshToken, lease.UserId, TokenColumn.RefreshToken)).Of(lease);

    /// <summary>The same tokens, as a refresh of the lease's version has brought them.</summary>
    public static IssuedTokens Of(this IssuedTokens tokens, RefreshLease lease) =>
        tokens with { GrantId = lease.GrantId, Version = lease.Version };

    public static Task<StoreResult> StoreAsync(
        this ConnectionStore store, IssuedTokens tokens, DateTimeOffset issuedAt, CancellationToken cancel) =>
        store.StoreAsync(tokens with { IssuedAt = issuedAt }, cancel);
}
