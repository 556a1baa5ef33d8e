using System.Security.Cryptography;
using FathomGateway.Audit;
using FathomGateway.Keys;
using FathomGateway.State.Redis;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Tokens.Pending;

/// <summary>What waits in Redis is deleted there when it is committed, and not before.</summary>
public sealed class PendingTokenOrderTests
{
    [Fact]
    public async Task Tokens_whose_save_fails_stay_in_Redis_F7()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = new RedisConnection(
            RedisAddress.Read(TestSettings.Reader(), server.ConnectionString)!, TimeProvider.System, NullLoggerFactory.Instance);
        var ring = new KeyRing([new EncryptionKey("k1", RandomNumberGenerator.GetBytes(EncryptionKey.Length))]);
        var (cipher, user) = (new TokenCipher(ring), Some.User($"{Guid.NewGuid():n}"));
        var pendingStore = new PendingTokenStore(ring, TimeProvider.System, redis);
        var tokens = ConnectionRows.Issued(user, cipher.Seal("a1", user, TokenColumn.AccessToken));
        await PendingTokensStage.PutAsync(pendingStore, tokens);
        var database = new ScriptedDatabase { Answer = () => throw new ConnectionStoreUnavailableException("away") };
        var drain = new PendingTokenDrain(
            pendingStore, new ConnectionStore(database), cipher, null!, new AuditLog(NullLoggerFactory.Instance, ring, TimeProvider.System),
            NullLogger<PendingTokenDrain>.Instance);

        var entry = await pendingStore.FindAsync(user, tokens.GrantId, tokens.Version);
        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => drain.OneAsync(entry!));

        Assert.NotNull((await pendingStore.FindAsync(user, tokens.GrantId, tokens.Version))!.Tokens);
    }
}
