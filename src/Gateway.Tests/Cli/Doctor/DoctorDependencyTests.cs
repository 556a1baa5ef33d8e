using FathomGateway.Cli.Doctor;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>The doctor's findings for answers of the backend and of the provider, and for a check that fails itself.</summary>
[Trait("Speed", "Slow")]
public sealed class DoctorDependencyTests
{
    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "status 503")]
    [InlineData(
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "set BACKEND_URL=https://127.0.0.1")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: {own}login\r\nContent-Length: 0\r\n\r\n", "set BACKEND_HOST=client")]
    [InlineData("HTTP/1.1 200 OK\r\nCF-Ray: 1\r\nContent-Length: 0\r\n\r\n", "behind Cloudflare")]
    public async Task A_backend_that_redirects_to_itself_or_stands_behind_an_edge_is_warned_of(string answer, string words)
    {
        await using var backend = RecordingBackend.Start();
        backend.Answers(answer.Replace("{own}", $"{backend.Address}", StringComparison.Ordinal));
        await Examination.FindsAsync("backend", TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}")), HealthStatus.Degraded, words);
    }

    [Theory]
    [InlineData("/login", "backend")]
    [InlineData("https://app.example.test/", "backend")]
    [InlineData("{own}login", "client")]
    public async Task A_backend_redirect_that_stays_on_its_host_is_not_warned_of(string location, string host)
    {
        await using var backend = RecordingBackend.Start();
        var whole = location.Replace("{own}", $"{backend.Address}", StringComparison.Ordinal);
        backend.Answers($"HTTP/1.1 302 Found\r\nLocation: {whole}\r\nContent-Length: 0\r\n\r\n");
        var settings = TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}"), ("BACKEND_HOST", host));
        await Examination.FindsAsync("backend", settings, HealthStatus.Healthy, "status 302");
    }

    [Fact]
    public async Task The_doctor_finds_a_provider_that_never_answers()
    {
        await using var silent = RawServer.Start(RawResponse.Silence);
        await Examination.FindsAsync(
            "provider",
            TestSettings.Embedded(("FATHOM_TOKEN_URL", $"{silent.Address}token")),
            HealthStatus.Unhealthy,
            "no answer in time",
            "FATHOM_TOKEN_URL");
    }

    [Theory]
    [InlineData("127.0.0.1:3000")]
    [InlineData("localhost:3000")]
    [InlineData("/api")]
    public async Task A_backend_address_in_yarp_json_without_a_scheme_is_named_with_its_remedy(string address)
    {
        var settings = TestSettings.Embedded(("BACKEND_URL", null), ("ReverseProxy:Clusters:backend:Destinations:render:Address", address));
        await Examination.FindsAsync("backend", settings, HealthStatus.Unhealthy, "yarp.json", "write it in full");
    }

    [Fact]
    public async Task The_message_of_an_exception_that_ends_a_check_is_not_shown()
    {
        await using var services = new ServiceCollection().AddLogging().AddHealthChecks()
            .AddCheck("part", HealthCheckResult () => throw new ArgumentException("p-canary")).Services.BuildServiceProvider();

        var found = await DoctorCommand.FindAsync(services, new DoctorProgress(TextWriter.Null, watched: false));

        Assert.Contains(
            new DoctorFinding("part", DoctorStatus.Fail, "The check ended with an unexpected exception: ArgumentException."), found);
    }
}
