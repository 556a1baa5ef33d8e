using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>Whether a cookie can pass between frontend and gateway, and what that means for what is set.</summary>
public sealed class DoctorSiteTests
{
    [Theory]
    [InlineData("https://app.example.com", "https://gw.example.com", "probably one site (example.com")]
    [InlineData("https://example.com", "https://gw.example.com", " one site (example.com)")]
    [InlineData("https://gw.example.com", "https://gw.example.com", " one site (example.com)")]
    [InlineData("https://app.example.co.uk", "https://gw.example.co.uk", "probably one site (example.co.uk")]
    [InlineData("https://app.firm.com.br", "https://gw.firm.com.br", "probably one site (firm.com.br")]
    [InlineData("http://localhost:3000", "http://localhost:8080", " one site (localhost)")]
    [InlineData("http://127.0.0.1:3000", "http://127.0.0.1:8080", " one site (127.0.0.1)")]
    [InlineData("https://app.onrender.com", "https://gw.onrender.com", "different sites")]
    [InlineData("https://one.co.uk", "https://other.co.uk", "different sites")]
    [InlineData("https://one.gov.au", "https://other.gov.au", "different sites")]
    [InlineData("https://app.example.com", "https://gw.example.net", "different sites")]
    [InlineData("http://gw.example.com", "https://gw.example.com", "for their schemes alone")]
    public async Task The_doctor_tells_whether_frontend_and_gateway_are_one_site(string frontend, string gateway, string finding)
    {
        foreach (var binding in (string[])["none", "confirm"]) await FindsAsync(frontend, gateway, binding, HealthStatus.Healthy, finding);
        var cookieWorks = finding.Contains("one site", StringComparison.Ordinal);
        await FindsAsync(
            frontend, gateway, "cookie", cookieWorks ? HealthStatus.Healthy : HealthStatus.Unhealthy, finding,
            cookieWorks ? "LINK_BINDING=cookie works" : "Set LINK_BINDING=confirm");
    }

    [Fact]
    public async Task The_doctor_judges_LINK_BINDING_by_the_sites_of_frontend_and_gateway()
    {
        await FindsAsync(
            "https://app.example.com", "https://gw.example.net", "none", HealthStatus.Healthy, "LINK_BINDING=none prevents nothing");
        await FindsAsync(
            "https://app.example.com",
            "https://gw.example.net",
            "confirm",
            HealthStatus.Healthy,
            "LINK_BINDING=confirm works all the same");
    }

    [Theory]
    [InlineData("https://gw.example.net", HealthStatus.Degraded,
        "JWT_SOURCE=cookie:token works where the backend sets that cookie with SameSite=None; Secure")]
    [InlineData("https://gw.example.com", HealthStatus.Healthy, "one site")]
    public Task The_doctor_warns_of_a_JWT_cookie_across_sites(string gateway, HealthStatus status, string words) => Examination.FindsAsync(
        "site",
        TestSettings.Embedded(("FRONTEND_URL", "https://app.example.com"), ("FATHOM_REDIRECT_URI", $"{gateway}/fathom/callback"),
            ("JWT_SOURCE", "bearer,cookie:token")),
        status,
        words);

    private static Task FindsAsync(string frontend, string gateway, string binding, HealthStatus status, params string[] words) =>
        Examination.FindsAsync(
            "site", TestSettings.Embedded(
                ("FRONTEND_URL", frontend),
                ("FATHOM_REDIRECT_URI", $"{gateway}/fathom/callback"),
                ("LINK_BINDING", binding)), status, words);
}
