using System.Security.Cryptography;
using FathomGateway.Tests.Kit;
using FathomGateway.Users;
using FathomGateway.Users.SigningKeys;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class SlowKeyServerTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_user_with_a_new_key_waits_as_long_as_both_documents_of_an_issuer_may_take()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var rsa = RSA.Create(2048);
        await using var server = new KeyServer { Keys = [KeyServer.Member("old", rsa)] };
        var keys = new IssuerSigningKeys(JwtOptions.Read(TestSettings.Reader(("JWT_AUTHORITY", server.Authority))), _clock);
        var known = await keys.CurrentAsync(cancel);
        var ready = new TaskCompletionSource();
        (server.Keys, server.Ready) = ([KeyServer.Member("new", rsa)], ready.Task);

        var refresh = keys.RefreshAsync(known!, cancel);
        // Each of the two documents may take 3 s.
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(refresh.IsCompleted);
        ready.SetResult();

        await Eventually.BecomesTrueAsync(
            async () => !ReferenceEquals(await keys.CurrentAsync(cancel), known), MaxWait, "the new keys are known");
        await Eventually.BecomesTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(50));
                return refresh.IsCompleted;
            },
            MaxWait,
            "the user's wait ends");
        Assert.NotNull(await refresh);
    }
}
