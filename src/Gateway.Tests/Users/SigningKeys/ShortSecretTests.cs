using System.Net;
using FathomGateway.Settings;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class ShortSecretTests
{
    private const string Short = "kurz-und-knapp";

    [Theory]
    [InlineData(Short)]
    [InlineData("thirty-one-bytes-are-too-few-31")]
    public async Task A_JWT_secret_under_32_bytes_stops_the_start_with_a_remedy_T16(string secret)
    {
        var fault = await Assert.ThrowsAsync<SettingsException>(() => Stage.StartAsync(("JWT_SECRET", secret)));

        Assert.Contains("JWT_SECRET", fault.Message, StringComparison.Ordinal);
        Assert.Contains("JWT_ALLOW_SHORT_SECRET", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, $"{fault}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_ends_with_78_on_a_short_JWT_secret_T16()
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync([], TestSettings.Embedded(("JWT_SECRET", Short)));

        Assert.Equal(78, exitCode);
        Assert.Contains("JWT_ALLOW_SHORT_SECRET", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Short, output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JWT_ALLOW_SHORT_SECRET_verifies_what_the_backend_signed_and_warns_T16()
    {
        await using var stage = await Stage.StartAsync(("JWT_SECRET", Short), ("JWT_ALLOW_SHORT_SECRET", "true"));

        using var right = await stage.ConnectAsync(Jwt.For(Fresh.User(), secret: Short));
        using var wrong = await stage.ConnectAsync(Jwt.For(Fresh.User(), secret: Short + "!"));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        await Refusal.IsUnauthorizedAsync(wrong);
        Assert.Contains(
            stage.Gateway.Log.Lines,
            line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("JWT_", StringComparison.Ordinal));
        Assert.DoesNotContain(Short, $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_JWT_secret_of_32_bytes_is_long_enough_T16()
    {
        const string Secret = "exactly-thirty-two-bytes-of-it-x";
        await using var stage = await Stage.StartAsync(("JWT_SECRET", Secret));

        using var response = await stage.ConnectAsync(Jwt.For(Fresh.User(), secret: Secret));

        Assert.Equal(32, Secret.Length);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
