using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class LeakTests
{
    [Fact]
    public async Task Internal_routes_that_need_no_key_reveal_no_user_and_no_secret_T35()
    {
        await using var stage = await Stage.StartAsync(("FATHOM_API_URL", "http://127.0.0.1:1/api"));
        var user = Fresh.User();
        await stage.LinkAsync(user);
        using (await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token"))
        using (await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings?secret={user}"))
        using (await stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}"))
        {
            // So that there is something to tell.
        }

        foreach (var target in new[] { "health/live", "health/ready", "metrics", "openapi.json", "" })
        {
            using var response = await stage.Gateway.InternalClient.GetAsync(target);
            var told = $"{response}{await response.Content.ReadAsStringAsync()}";

            foreach (var secret in new[]
            {
                user, "access-1", "refresh-1", TestSettings.InternalApiKey, TestSettings.ClientSecret, TestSettings.JwtSecret
            })
            {
                Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Tokens_and_the_internal_API_key_do_not_reach_the_log_T10()
    {
        await using var api = ScriptedApi.Start(_ => "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        await using var stage = await Stage.StartAsync(("FATHOM_API_URL", api.BaseUrl));
        var user = Fresh.User();
        await stage.LinkAsync(user);
        var token = await stage.AccessTokenAsync(user);

        await stage.Gateway.TokenAsync(user);
        using (await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings?cursor=canary-of-a-query"))
        {
            // Refused twice: the paths on which something might be printed.
        }

        var log = stage.Gateway.Log.ToString();
        foreach (var secret in new[] { $"{token}\"", $"Bearer {token}", TestSettings.InternalApiKey, "canary-of-a-query" })
        {
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
        }
    }
}
