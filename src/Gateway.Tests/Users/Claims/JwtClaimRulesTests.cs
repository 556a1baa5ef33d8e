using System.Net;
using FathomGateway.Settings;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class JwtClaimRulesTests
{
    [Theory]
    [InlineData("secret")]
    [InlineData("shhhhh")]
    [InlineData("changeme")]
    [InlineData("Your-256-bit-secret")]
    [InlineData("a-string-secret-at-least-256-bits-long")]
    [InlineData("shhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("----------------------------------------")]
    public async Task A_JWT_secret_from_a_word_list_stops_the_start_however_long_it_is_T16(string secret)
    {
        var fault =
            await Assert.ThrowsAsync<SettingsException>(() => Stage.StartAsync(("JWT_SECRET", secret), ("JWT_ALLOW_SHORT_SECRET", "true")));

        Assert.Contains("known secrets", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain($" {secret} ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exp_in_milliseconds_is_warned_of_once_and_refused_by_JWT_MAX_LIFETIME_T17()
    {
        var payload = $$"""{"exp":{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds()}}}""";
        await using var lenient = await Stage.StartAsync();
        await using var strict = await Stage.StartAsync(("JWT_MAX_LIFETIME", "86400"));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lenient, Jwt.For(Fresh.User(), payload: payload)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lenient, Jwt.For(Fresh.User(), payload: payload)));
        Assert.Single(
            lenient.Gateway.Log.Lines,
            line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("milliseconds", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(strict, Jwt.For(Fresh.User(), payload: payload)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(
            strict, Jwt.For(Fresh.User(), payload: $$"""{"exp":{{DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeSeconds()}}}""")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(strict, Jwt.For(Fresh.User())));
    }

    [Fact]
    public async Task A_JWT_whose_required_claims_differ_is_refused_T18()
    {
        await using var stage = await Stage.StartAsync(("JWT_REQUIRED_CLAIMS", "type=access, verified=true, level=2"));

        Assert.Equal(
            HttpStatusCode.OK, await StatusAsync(stage, Jwt.For(Fresh.User(), payload: """{"type":"access","verified":true,"level":2}""")));
        foreach (var payload in new[]
        {
            """{}""",
            """{"type":"refresh","verified":true,"level":2}""",
            """{"type":"Access","verified":true,"level":2}""",
            """{"type":["access"],"verified":true,"level":2}""",
            """{"type":"access","verified":false,"level":2}""",
            """{"type":"access","verified":true,"level":2.5}""",
            """{"type":"access","verified":true,"level":{"a":2}}""",
            """{"type":"access","verified":true}""",
        })
        {
            Assert.True(await StatusAsync(stage, Jwt.For(Fresh.User(), payload: payload)) == HttpStatusCode.Unauthorized, payload);
        }
    }

    [Fact]
    public async Task A_JWT_of_another_typ_is_refused_when_types_are_named_T18()
    {
        await using var stage = await Stage.StartAsync(("JWT_TYPES", "at+jwt, JWT"));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.For(Fresh.User())));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.For(Fresh.User(), header: """{"typ":"at+jwt"}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.For(Fresh.User(), header: """{"typ":"reset+jwt"}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.For(Fresh.User(), header: """{"typ":null}""")));
    }

    private static async Task<HttpStatusCode> StatusAsync(Stage stage, string token)
    {
        using var response = await stage.ConnectAsync(token);
        return response.StatusCode;
    }
}
