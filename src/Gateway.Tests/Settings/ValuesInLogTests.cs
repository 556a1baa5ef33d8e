using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>A gateway that logs everything, with stores that are down, and with users whose JWT is refused.</summary>
public sealed class ValuesInLogTests
{
    [Fact]
    public async Task No_part_and_no_hash_of_a_settings_value_is_logged_at_any_level()
    {
        var (secret, good) = (MarkedSettingValue.Good + "-jwt-secret-of-some-more-bytes", MarkedSettingValue.Good);
        var settings = TestSettings.Embedded(
            ("JWT_SECRET", secret), ("REDIS_URL", $"redis://{good}:{good}@127.0.0.1:9/7"),
            ("DATABASE_URL", $"postgresql://{good}:{good}@127.0.0.1:9/{good}"),
            ("TOKEN_ENCRYPTION_KEYS", TestSettings.NewKey("k1")), ("FATHOM_CLIENT_ID", good), ("FATHOM_CLIENT_SECRET", good),
            ("INTERNAL_API_KEY", $"{good}-{good}"),
            ("FATHOM_SCOPE", good), ("OTEL_RESOURCE_ATTRIBUTES", $"a={good}"), ("JWT_USER_ID_CLAIM", $"sub,{good}"));
        await using var gateway = await GatewayUnderTest.StartAsync(settings);
        foreach (var token in (string[])[Jwt.For("refused", secret: new string('x', 40)), Jwt.For(Fresh.User(), secret: secret), "a.b.c"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            (await gateway.Client.SendAsync(request)).Dispose();
        }

        (await gateway.InternalClient.GetAsync("health/ready")).Dispose();
        (await gateway.InternalClient.GetAsync("connections/42")).Dispose();

        var log = $"{gateway.Log}";
        Assert.Contains(gateway.Log.Lines, line => line.Contains("made the signature", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Base64UrlEncoder.Encode(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)).ComputeJwkThumbprint()),
            log,
            StringComparison.Ordinal);
        Assert.True(MarkedSettingValue.In(log) is null, MarkedSettingValue.In(log));
    }
}
