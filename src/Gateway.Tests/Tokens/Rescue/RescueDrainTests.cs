using System.Security.Cryptography;
using FathomGateway.Keys;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Rescue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens.Rescue;

/// <summary>What one entry that cannot be stored, or opened, means to the others.</summary>
[Trait("Speed", "Slow")]
public sealed class RescueDrainTests
{
    [Fact]
    public async Task A_user_whose_row_is_locked_keeps_nobody_else_waiting_F7()
    {
        await using var stage = await RescueStage.StartAsync();
        await PutAsync(stage, "ann", "a0");
        await stage.IsStoredAsync("ann", "a0");
        await using var database = await stage.One.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var locking = await database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var command = new NpgsqlCommand("SELECT FROM fathom_connections FOR UPDATE", database, locking);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await PutAsync(stage, "ann", "a1", putAgo: TimeSpan.FromMinutes(1));
            await PutAsync(stage, "bob", "b1");

            await stage.IsStoredAsync("bob", "b1");
            Assert.Equal("a0", await stage.AccessTokenAsync("ann"));
        }

        await stage.IsStoredAsync("ann", "a1");
        await stage.WaitInRedisAsync(0);
    }

    [Fact]
    public async Task What_this_replica_has_no_key_for_waits_for_one_that_has_and_is_told_once_F20()
    {
        await using var stage = await RescueStage.StartAsync();
        var foreign = new KeyRing([new EncryptionKey("other", RandomNumberGenerator.GetBytes(EncryptionKey.Length))]);
        await PutAsync(stage, "ann", "a1", ring: foreign);
        await PutAsync(stage, "bob", "b1");
        await stage.IsStoredAsync("bob", "b1");
        await PutAsync(stage, "cem", "c1");
        await stage.IsStoredAsync("cem", "c1");

        await stage.WaitInRedisAsync(1);
        foreach (var replica in new[] { stage.One, stage.Two }) Assert.InRange(replica.Log.ToString().Split("opens tokens that were rescued").Length - 1, 0, 1);
        Assert.Contains("opens tokens that were rescued", $"{stage.One.Log}{stage.Two.Log}", StringComparison.Ordinal);
    }

    private static async Task PutAsync(RescueStage stage, string user, string accessToken, TimeSpan putAgo = default, KeyRing? ring = null)
    {
        var services = stage.One.Services;
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow - putAgo);
        var store = new RescueStore(services.GetRequiredService<RedisConnection>(), ring is null ? services.GetRequiredService<RescuedTokensText>() : new RescuedTokensText(ring), clock);
        var sealedToken = services.GetRequiredService<TokenCipher>().Seal(accessToken, Some.User(user), TokenColumn.AccessToken);
        var connection = new NewConnection(Some.User(user), Guid.NewGuid(), sealedToken, null, null, TimeSpan.FromHours(1));
        await RescueStage.PutAsync(store, RescuedTokens.Of(connection, DateTimeOffset.UtcNow, TimeSpan.Zero));
    }
}
