using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>The clock is the real one, so the accepted side keeps some seconds away from the edge; the refused side need not.</summary>
public sealed class TokenLifetimeTests(Stage stage) : IClassFixture<Stage>
{
    [Theory]
    [InlineData("exp", 600)]
    [InlineData("exp", 2)]
    [InlineData("exp", -20)]
    [InlineData("nbf", -600)]
    [InlineData("nbf", 20)]
    public async Task A_JWT_is_accepted_within_30_seconds_of_skew_T17_F22(string claim, int secondsFromNow)
    {
        using var response = await stage.ConnectAsync(Jwt.For(Fresh.User(), payload: Claim(claim, secondsFromNow)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("exp", -31)]
    [InlineData("exp", -60)]
    [InlineData("exp", -290)]
    [InlineData("exp", -86_400)]
    [InlineData("nbf", 50)]
    [InlineData("nbf", 86_400)]
    public async Task A_JWT_is_refused_beyond_30_seconds_of_skew_T17_F22(string claim, int secondsFromNow)
    {
        using var response = await stage.ConnectAsync(Jwt.For(Fresh.User(), payload: Claim(claim, secondsFromNow)));

        await Refusal.IsUnauthorizedAsync(response);
    }

    [Theory]
    [InlineData("""{"sub":"u"}""")]
    [InlineData("""{"sub":"u","exp":null}""")]
    [InlineData("""{"sub":"u","exp":0}""")]
    [InlineData("""{"sub":"u","exp":-1}""")]
    [InlineData("""{"sub":"u","exp":1e99}""")]
    [InlineData("""{"sub":"u","exp":true}""")]
    [InlineData("""{"sub":"u","exp":{}}""")]
    [InlineData("""{"sub":"u","exp":"never"}""")]
    [InlineData("""{"sub":"u","Exp":99999999999}""")]
    public async Task A_JWT_without_a_readable_exp_is_refused_T17(string payload)
    {
        using var response = await stage.ConnectAsync(Signed.Exactly(payload));

        await Refusal.IsUnauthorizedAsync(response);
    }

    [Fact]
    public async Task JWT_ALLOW_NO_EXPIRY_accepts_no_exp_and_still_refuses_a_past_one_T17()
    {
        await using var lenient = await Stage.StartAsync(("JWT_ALLOW_NO_EXPIRY", "true"));

        using var endless = await lenient.ConnectAsync(Jwt.For(Fresh.User(), payload: """{"exp":null}"""));
        using var expired = await lenient.ConnectAsync(Jwt.For(Fresh.User(), payload: Claim("exp", -40)));

        Assert.Equal(HttpStatusCode.OK, endless.StatusCode);
        await Refusal.IsUnauthorizedAsync(expired);
        Assert.Contains(
            lenient.Gateway.Log.Lines,
            line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("JWT_ALLOW_NO_EXPIRY", StringComparison.Ordinal));
    }

    private static string Claim(string name, int secondsFromNow) =>
        $$"""{"{{name}}":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + secondsFromNow}}}""";
}
