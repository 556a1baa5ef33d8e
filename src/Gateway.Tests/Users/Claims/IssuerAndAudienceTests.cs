using System.Net;
using FathomGateway.Tests.Connect;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class IssuerAndAudienceTests
{
    private const string Right = """ "iss":"https://backend.test","aud":"gateway" """;

    [Fact]
    public async Task Issuer_and_audience_are_compared_where_they_are_configured_T19()
    {
        await using var stage = await Stage.StartAsync(("JWT_ISSUER", "https://backend.test"), ("JWT_AUDIENCE", "gateway"));

        foreach (var accepted in new[] { Right, """ "iss":"https://backend.test","aud":["other","gateway"] """ })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, accepted));
        }

        foreach (var refused in new[]
        {
            """ "aud":"gateway" """,
            """ "iss":"https://backend.test" """,
            """ "iss":"https://other.test","aud":"gateway" """,
            """ "iss":"https://backend.test/","aud":"gateway" """,
            """ "iss":"https://BACKEND.test","aud":"gateway" """,
            """ "iss":"","aud":"gateway" """,
            """ "iss":["https://backend.test"],"aud":["other"] """,
            """ "iss":"https://backend.test","aud":"other" """,
            """ "iss":"https://backend.test","aud":"Gateway" """,
            """ "iss":"https://backend.test","aud":"gateway2" """,
            """ "iss":"https://backend.test","aud":"" """,
            """ "iss":"https://backend.test","aud":[] """,
            """ "iss":"https://backend.test","aud":["a","b"] """,
            """ "iss":"https://backend.test","aud":{"gateway":true} """,
        })
        {
            Assert.True(await StatusAsync(stage, refused) == HttpStatusCode.Unauthorized, refused);
        }
    }

    [Fact]
    public async Task Issuer_and_audience_may_be_anything_where_nothing_is_configured_T19()
    {
        await using var stage = await Stage.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Right));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, ""));
    }

    private static async Task<HttpStatusCode> StatusAsync(Stage stage, string claims)
    {
        using var response = await stage.ConnectAsync(Signed.With($""" "sub":"{Fresh.User()}"{(claims == "" ? "" : ",")}{claims}"""));
        return response.StatusCode;
    }
}
