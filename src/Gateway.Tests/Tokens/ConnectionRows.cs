using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
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
            "UPDATE fathom_connections SET connected_at = connected_at + interval '1 hour'; UPDATE fathom_disconnects SET disconnected_at = disconnected_at + interval '1 hour'");
    }

    /// <summary>What a refresh has brought: a pair that lives for an hour.</summary>
    public static RefreshedTokens Refreshed(TokenCipher cipher, UserId user, string accessToken, string refreshToken) => new(
        cipher.Seal(accessToken, user, TokenColumn.AccessToken), cipher.Seal(refreshToken, user, TokenColumn.RefreshToken), Scope: null, TimeSpan.FromHours(1), TimeSpan.Zero);

    /// <summary>After whatever has been stored or ended before, however close together the two are.</summary>
    public static DateTimeOffset AfterAll => DateTimeOffset.UtcNow.AddMinutes(1);

    /// <summary>Stores whatever has been stored before.</summary>
    public static Task StoreAsync(this ConnectionStore store, NewConnection connection, CancellationToken cancel) => store.StoreAsync(connection, AfterAll, cancel);
}
