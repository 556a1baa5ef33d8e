using System.Security.Cryptography;
using FathomGateway.Keys;
using FathomGateway.State.Redis;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Tokens.Pending;

/// <summary>What one entry that cannot be stored, or opened, means to the others.</summary>
[Trait("Speed", "Slow")]
public sealed class PendingTokenDrainTests
{
    [Fact]
    public async Task A_locked_row_of_one_user_delays_the_pending_tokens_of_no_other_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        await PutAsync(stage, "ann", "a0");
        await stage.IsStoredAsync("ann", "a0");
        await using var session =
            await stage.One.Services.GetRequiredService<PostgresHosts>().OpenAsync(TestContext.Current.CancellationToken);
        var database = session.Connection;
        await using (var locking = await database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var command = new NpgsqlCommand("SELECT FROM fathom_connections FOR UPDATE", database, locking);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await PutAsync(stage, "ann", "a1", putAgo: TimeSpan.FromMinutes(1));
            await PutAsync(stage, "bob", "b1");

            await stage.IsStoredAsync("bob", "b1");
            Assert.Equal("a0", await stage.AccessTokenAsync("ann"));
            // Until the database has them, Redis does: a replica may end at any time.
            await stage.WaitInRedisAsync(1);
        }

        await stage.IsStoredAsync("ann", "a1");
        await stage.WaitInRedisAsync(0);
    }

    [Fact]
    public async Task Pending_tokens_under_an_unknown_key_wait_for_a_replica_that_has_it_and_are_logged_once_F20()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        var foreign = new KeyRing([new EncryptionKey("other", RandomNumberGenerator.GetBytes(EncryptionKey.Length))]);
        await PutAsync(stage, "ann", "a1", ring: foreign);
        await PutAsync(stage, "bob", "b1");
        await stage.IsStoredAsync("bob", "b1");
        await PutAsync(stage, "cem", "c1");
        await stage.IsStoredAsync("cem", "c1");

        await stage.WaitInRedisAsync(1);
        foreach (var replica in new[] { stage.One, stage.Two })
            Assert.InRange(replica.Log.ToString().Split("opens pending tokens").Length - 1, 0, 1);
        Assert.Contains("opens pending tokens", $"{stage.One.Log}{stage.Two.Log}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_tokens_of_a_user_who_has_disconnected_are_revoked_and_not_stored_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        using var revoked = new RevocationEndpoint(stage.Provider);
        var store = stage.One.Services.GetRequiredService<ConnectionStore>();
        await store.DeleteAsync(Some.User("ann"), TestContext.Current.CancellationToken);

        await PutAsync(stage, "ann", "a1", issuedAgo: TimeSpan.FromMinutes(1));

        await stage.WaitInRedisAsync(0);
        Assert.Null(await stage.RowAsync("ann"));
        await Eventually.BecomesTrueAsync(() => revoked.Tokens.Contains("a1"), PendingTokensStage.Recovery, "it is revoked");
    }

    [Fact]
    public async Task Pending_tokens_under_a_former_key_are_stored_under_the_first_one_F20()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        var services = stage.One.Services;
        var ring = services.GetRequiredService<KeyRing>();
        var former = new EncryptionKey("former", RandomNumberGenerator.GetBytes(EncryptionKey.Length));
        var tokens = new IssuedTokens(
            Some.User("ann"), Guid.NewGuid(), 0,
            new TokenCipher(new KeyRing([former])).Seal("a1", Some.User("ann"), TokenColumn.AccessToken), null, null,
            TimeSpan.FromHours(1), DateTimeOffset.UtcNow, TimeSpan.Zero);
        var both = new TokenCipher(new KeyRing([.. ring.Keys, former]));
        var pendingStore = new PendingTokenStore(ring, TimeProvider.System, services.GetRequiredService<RedisConnection>());
        var drain = new PendingTokenDrain(
            pendingStore, services.GetRequiredService<ConnectionStore>(), both, services.GetRequiredService<GrantRevocation>(),
            services.GetRequiredService<FathomGateway.Audit.AuditLog>(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<PendingTokenDrain>.Instance);

        await drain.StoreAsync(tokens);

        Assert.StartsWith(TokenCipher.Prefix(ring.Current), (await stage.RowAsync("ann"))!.AccessToken.Text, StringComparison.Ordinal);
        Assert.Equal("a1", await stage.AccessTokenAsync("ann"));
    }

    private static async Task PutAsync(
        PendingTokensStage stage, string user, string accessToken, TimeSpan putAgo = default, TimeSpan issuedAgo = default,
        KeyRing? ring = null)
    {
        var services = stage.One.Services;
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow - putAgo);
        var store = new PendingTokenStore(
            ring ?? services.GetRequiredService<KeyRing>(), clock, services.GetRequiredService<RedisConnection>());
        var sealedToken = services.GetRequiredService<TokenCipher>().Seal(accessToken, Some.User(user), TokenColumn.AccessToken);
        await PendingTokensStage.PutAsync(
            store, ConnectionRows.Issued(Some.User(user), sealedToken) with { IssuedAt = DateTimeOffset.UtcNow - issuedAgo });
    }
}
