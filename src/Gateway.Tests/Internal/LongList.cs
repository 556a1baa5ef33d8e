using FathomGateway.Tests.Events;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Fills the tables that the lists read.</summary>
internal static class LongList
{
    /// <summary>Connections as they are stored, each token sealed for its user; events as changes write them.</summary>
    /// <param name="rare">One user in so many has to connect again.</param>
    public static async Task FillAsync(EventStage stage, int rows, int rare)
    {
        await stage.Gateway.StoreAsync("user-0", "access", "refresh");
        var cipher = stage.Gateway.Services.GetRequiredService<TokenCipher>();
        foreach (var part in Enumerable.Range(1, rows - 1).Chunk(10_000))
        {
            var values = part.Select(number =>
            {
                Assert.True(UserId.TryParse($"user-{number}", out var user));
                var access = cipher.Seal("access", user, TokenColumn.AccessToken);
                var refresh = cipher.Seal("refresh", user, TokenColumn.RefreshToken);
                return $"('{user.Value}', '{access}', '{refresh}', {(number % rare == 1 ? "'refresh_refused'" : "NULL")})";
            });
            await stage.Database.ExecuteAsync($"""
                INSERT INTO fathom_connections (
                    user_id, grant_id, version, access_token, refresh_token, connected_at, issued_at, expires_at, updated_at,
                    reconnect_reason, reconnect_at)
                SELECT
                    new.column1, grant_id, 1, new.column2, new.column3, connected_at, issued_at, expires_at, updated_at,
                    new.column4, updated_at
                FROM fathom_connections, (VALUES {string.Join(",\n", values)}) AS new WHERE user_id = 'user-0'
                """);
        }

        await stage.Database.ExecuteAsync("""
            INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
            SELECT '0a1b2c3d', user_id, 'connection.connected', 1, connected_at FROM fathom_connections;
            ANALYZE
            """);
    }
}
