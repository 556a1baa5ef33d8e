using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

[Trait("Speed", "Slow")]
public sealed class DoctorTests(RealStores stores)
{
    [Fact]
    public async Task The_doctor_reports_each_part_of_a_sound_gateway_as_ok()
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(TokenReply.Refusal("invalid_grant"));
        await using var backend = RecordingBackend.Start();
        var settings = TestSettings.OnRealStores(
            await stores.RedisAsync(),
            $"{await stores.NewDatabaseAsync()}{PostgresTestDatabase.LongTimeouts}",
            [.. provider.Settings, ("BACKEND_URL", $"{backend.Address}")]);

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(["doctor"], settings);

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("Sound", output, StringComparison.Ordinal);
        string[] findings =
        [
            "GETDEL", "primary, ", "fathom-video", "knows this client", "All 0 stored connections open", "HTTP/1.1",
            $"registered at Fathom: {TestSettings.RedirectUri}", "one site (example.test",
        ];
        Assert.All(findings, finding => Assert.Contains(finding, output, StringComparison.Ordinal));
        Assert.Matches(@"BACKEND_URL +http://127\.0\.0\.1:\d+/?  \(environment\)\n", output);
        string[] secrets =
        [
            TestSettings.ClientSecret, TestSettings.JwtSecret, TestSettings.InternalApiKey, settings["TOKEN_ENCRYPTION_KEYS"]!,
            settings["DATABASE_URL"]!, settings["REDIS_URL"]!
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, output + errors, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("REDIS_URL", "redis://:p-canary@127.0.0.1:9", "redis", "host and port in REDIS_URL")]
    [InlineData("DATABASE_URL", "postgresql://u:p-canary@127.0.0.1:9/d", "postgres", "host and port in DATABASE_URL")]
    [InlineData("BACKEND_URL", "http://127.0.0.1:9", "backend", "check BACKEND_URL")]
    [InlineData("FATHOM_TOKEN_URL", "http://127.0.0.1:9/token", "provider", "check FATHOM_TOKEN_URL")]
    public async Task The_doctor_reports_a_broken_part_with_its_remedy(string name, string value, string subject, string remedy)
    {
        var settings = TestSettings.Embedded((name, value));
        settings["TOKEN_ENCRYPTION_KEYS"] = TestSettings.NewKey("k1");

        var (exitCode, output, _) = await GatewayProcess.RunAsync(["doctor", "--json"], settings);

        Assert.Equal(1, exitCode);
        var finding = JsonDocument.Parse(output).RootElement
            .GetProperty("findings")
            .EnumerateArray()
            .Single(one => one.GetProperty("subject").GetString() == subject);
        Assert.Equal("fail", finding.GetProperty("status").GetString());
        Assert.Contains(remedy, finding.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("p-canary", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_names_an_encryption_key_that_is_missing()
    {
        var settings = TestSettings.Embedded(("TOKEN_ENCRYPTION_KEYS", TestSettings.NewKey("old")));
        await using (var stage = await Stage.StartAsync(settings)) await stage.LinkAsync(Fresh.User());
        settings["TOKEN_ENCRYPTION_KEYS"] = TestSettings.NewKey("new");

        var (exitCode, output, _) = await GatewayProcess.RunAsync(["doctor"], settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("1 of 1 stored connections open with no key that is set; they name old", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Logging__LogLevel__Default", "Foo")]
    [InlineData("Kestrel__Endpoints__X__Url", "nonsense")]
    public async Task The_doctor_exits_without_a_stack_trace_on_wrong_settings_of_the_framework(string name, string value)
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(["doctor"], TestSettings.Embedded((name, value)));

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://gateway.example.test/fathom/callback")]
    [InlineData("https://gateway.example.test/callback")]
    [InlineData("https://gateway.example.test/fathom/callback?a=b")]
    public async Task The_doctor_reports_a_redirect_URI_that_cannot_work_as_a_fault(string uri)
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync(["doctor"], TestSettings.Embedded(("FATHOM_REDIRECT_URI", uri)));

        Assert.Equal(1, exitCode);
        Assert.Matches("FAIL +FATHOM_REDIRECT_URI +", output);
    }

    [Fact]
    public Task The_doctor_warns_of_a_redirect_URI_of_another_host_than_Renders() => Examination.FindsAsync(
        "redirect uri",
        TestSettings.Embedded(("RENDER_EXTERNAL_URL", "https://other.onrender.com")),
        HealthStatus.Degraded,
        "other.onrender.com");

    [Fact]
    public async Task The_doctor_lists_all_wrong_settings()
    {
        var (exitCode, output, _) =
            await GatewayProcess.RunAsync(["doctor"], TestSettings.Embedded(("JWT_SECRET", "my-secret"), ("PORT", "x")));

        Assert.Equal(1, exitCode);
        Assert.Matches("FAIL +JWT_SECRET", output);
        Assert.Matches("FAIL +PORT", output);
        Assert.DoesNotContain("my-secret", output, StringComparison.Ordinal);
    }
}
