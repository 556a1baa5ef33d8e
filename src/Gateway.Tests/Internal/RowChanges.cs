using FathomGateway.Tests.Connect;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Puts rows of an embedded gateway's SQLite file into the state that a test begins with.</summary>
internal static class RowChanges
{
    public const string Reason = "refresh_refused";

    /// <summary>When it was found out that the user has to reconnect.</summary>
    public static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>As a refresh that was refused leaves it.</summary>
    public static void RequireReconnect(this Stage stage, string userId) =>
        stage.Change(userId, $"reconnect_reason = '{Reason}', reconnect_at = {At.ToUnixTimeMilliseconds()}, version = version + 1");

    /// <summary>As time leaves it: the access token ended an hour ago.</summary>
    public static void EndAccessToken(this Stage stage, string userId) =>
        stage.Change(userId, "issued_at = issued_at - 7200000, expires_at = issued_at - 3600000");

    private static void Change(this Stage stage, string userId, string change)
    {
        using var connection = stage.Gateway.Services.GetRequiredService<SqliteFile>().Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE fathom_connections SET {change} WHERE user_id = $user";
        command.Parameters.AddWithValue("$user", userId);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
