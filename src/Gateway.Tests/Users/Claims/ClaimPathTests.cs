using System.Net;
using FathomGateway.Tests.Connect;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>A user id below the top of the payload: <c>user.id</c>.</summary>
public sealed class ClaimPathTests(ClaimPathTests.Gateway gateway) : IClassFixture<ClaimPathTests.Gateway>
{
    [Theory]
    [InlineData(""" "user":{"id":"?"} """, "?")]
    [InlineData(""" "user":{"id":4?} """, "4?")]
    [InlineData(""" "user":{"id":"?","name":"ann"},"sub":"s" """, "?")]
    [InlineData(""" "user.id":"?","user":{"id":"nested"} """, "?")]
    [InlineData(""" "user.id":null,"user":{"id":"?"} """, "?")]
    [InlineData(""" "user":{"id":"first"},"user":{"id":"?"} """, "?")]
    [InlineData(""" "user":"ann","sub":"?" """, "?")]
    [InlineData(""" "user":{},"sub":"?" """, "?")]
    [InlineData(""" "user":{"id":null},"sub":"?" """, "?")]
    [InlineData(""" "user":[{"id":"x"}],"sub":"?" """, "?")]
    [InlineData(""" "https://app.example.test/ids":{"user.name":{"key":"?"}} """, "?")]
    [InlineData(""" "https://app.example.test/ids.user.name.key":"?" """, "?")]
    [InlineData(""" "https://app.example.test/ids":{"user":{"name":{"key":"?"}}} """, "?")]
    public async Task A_dotted_claim_reaches_into_objects_and_a_claim_with_dots_comes_first_T21(string claims, string user)
    {
        var unique = $"{Random.Shared.Next(1_000_000, 9_999_999)}";
        var begun = await AuthorizationUrl.ReadAsync(await gateway.Stage.ConnectAsync(Signed.With(claims.Replace("?", unique,
            StringComparison.Ordinal))));

        Assert.Equal(CallbackRedirect.Success, await gateway.Stage.LandAsync(begun["state"], Fresh.Code()));

        Assert.NotNull(await gateway.Stage.ConnectionAsync(user.Replace("?", unique, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(""" "user":{"id":["u"]},"sub":"s" """)]
    [InlineData(""" "user":{"id":{"id":"u"}},"sub":"s" """)]
    [InlineData(""" "user":{"id":true},"sub":"s" """)]
    [InlineData(""" "user":{"id":""},"sub":"s" """)]
    [InlineData(""" "user":{"id":18446744073709551615},"sub":"s" """)]
    [InlineData(""" "user":{"id":18446744073709551614},"sub":"s" """)]
    [InlineData(""" "user":{"id":7.0},"sub":"s" """)]
    [InlineData(""" "user.id":[],"user":{"id":"u"} """)]
    [InlineData(""" "user":{"ID":"u"} """)]
    [InlineData(""" "User":{"id":"u"} """)]
    public async Task A_nested_claim_that_is_no_user_id_is_refused_T21(string claims)
    {
        using var response = await gateway.Stage.ConnectAsync(Signed.With(claims));

        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, claims);
    }

    public sealed class Gateway : IAsyncLifetime
    {
        internal Stage Stage { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Stage = await Stage.StartAsync(("JWT_USER_ID_CLAIM", "user.id, https://app.example.test/ids.user.name.key, sub"));

        public ValueTask DisposeAsync() => Stage.DisposeAsync();
    }
}
