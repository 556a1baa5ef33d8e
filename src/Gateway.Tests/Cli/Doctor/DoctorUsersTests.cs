using System.Security.Cryptography;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Users;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>The causes of a 401 or 503 for every user: the keys of the JWTs, and the backend's verification of users.</summary>
public sealed class DoctorUsersTests
{
    [Fact]
    public async Task The_doctor_fetches_a_key_set_and_finds_one_that_is_empty_or_unreachable()
    {
        using var key = RSA.Create(2048);
        await using var server = new KeyServer { Keys = [KeyServer.Member("k1", key)] };
        var settings = TestSettings.Embedded(("JWT_SECRET", null), ("JWT_JWKS_URL", server.JwksUrl));

        await Examination.FindsAsync("users", settings, HealthStatus.Healthy, server.JwksUrl, "asymmetric");
        server.Keys = [];
        await Examination.FindsAsync("users", settings, HealthStatus.Unhealthy, "JWT_JWKS_URL");
        server.IsDown = true;
        await Examination.FindsAsync("users", settings, HealthStatus.Unhealthy, "cannot be fetched", "JWT_JWKS_URL");
    }

    [Theory]
    [InlineData("401 Unauthorized", HealthStatus.Healthy, "is asked about each")]
    [InlineData("200 OK", HealthStatus.Degraded, "accepts any request")]
    [InlineData("502 Bad Gateway", HealthStatus.Unhealthy, "VERIFY_USER_URL")]
    public async Task The_doctor_asks_the_VERIFY_USER_URL_of_the_backend(string answer, HealthStatus status, string words)
    {
        await using var backend = RecordingBackend.Start();
        backend.Answers($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n");
        await Examination.FindsAsync("users", TestSettings.Embedded(("VERIFY_USER_URL", $"{backend.Address}me")), status, words);
    }

    [Fact]
    public async Task The_doctor_shows_no_query_of_a_configured_address()
    {
        const string Secret = "a-key-in-the-query";
        using var key = RSA.Create(2048);
        await using var server = new KeyServer { Keys = [KeyServer.Member("k1", key)] };
        await using var backend = RecordingBackend.Start();
        var settings = TestSettings.Embedded(
            ("JWT_SECRET", null),
            ("JWT_JWKS_URL", $"{server.JwksUrl}?key={Secret}"),
            ("VERIFY_USER_URL", $"{backend.Address}me?key={Secret}"));

        foreach (var answer in (string[])["401 Unauthorized", "200 OK", "502 Bad Gateway"])
        {
            backend.Answers($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n");
            Assert.DoesNotContain(Secret, (await Examination.OfAsync("users", settings)).Description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task The_doctor_needs_no_other_server_to_check_a_JWT_secret() =>
        Examination.FindsAsync("users", TestSettings.Embedded(), HealthStatus.Healthy, "JWT_SECRET (HS256, HS384, HS512)");
}
