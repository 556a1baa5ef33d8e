using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using FathomGateway.Users;
using FathomGateway.Users.Diagnosis;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary><c>gateway doctor --jwt -</c>: the diagnosis of one JWT.</summary>
public sealed class DoctorJwtTests
{
    [Fact]
    public async Task An_accepted_JWT_is_reported_with_its_user()
    {
        foreach (var input in (string[])[Jwt.For("ann"), $"Bearer {Jwt.For("ann")}\n", $"\r\n  {Jwt.For("ann")}  \r\n"])
        {
            var found = await ExamineAsync(input);

            Assert.Equal(("ann", "HS256", null), (found.UserId, found.Algorithm, found.Reason));
            Assert.Matches("^as user ann; signed by HS256, ends in (59|60) min\\. Requests have it in bearer\\.$", found.Detail);
        }
    }

    [Fact]
    public async Task A_secret_near_the_one_that_signed_is_recognised()
    {
        const string Signing = "what-the-backend-really-signs-with-0123456789";
        var jwt = Jwt.For("ann", secret: Signing);
        Dictionary<string, string> near = new()
        {
            [$"\"{Signing}\""] = "without the blanks, line breaks, quotation marks",
            [$" {Signing}"] = "without the blanks",
            [$"{Signing}\n"] = "without the blanks, line breaks",
            [$"{Signing}\\n"] = "without the blanks, line breaks",
            [$"\uFEFF{Signing}"] = "invisible characters",
            [Convert.ToBase64String(Encoding.UTF8.GetBytes(Signing))] = "decoded from base64",
            [Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Signing))] = "decoded from hexadecimal",
        };
        foreach (var (secret, words) in near)
        {
            var found = await ExamineAsync(jwt, ("JWT_SECRET", secret));
            Assert.Equal("signature", found.Reason);
            Assert.Contains(words, found.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain(Signing, found.Detail, StringComparison.Ordinal);
        }

        Assert.Contains("with a line break at its end",
            (await ExamineAsync(Jwt.For("ann", secret: Signing + "\n"), ("JWT_SECRET", Signing))).Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("It is signed with", (await ExamineAsync(jwt, ("JWT_SECRET", new string('y', 20) + Signing))).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_asks_the_backend_about_a_JWT_and_reports_a_failed_check_as_unknown()
    {
        await using var me = RecordingBackend.Start();
        foreach (var (answer, reason) in new[] { ("204 No Content", null), ("401 Unauthorized", "unwelcome"), ("500 Away", "unknown") })
        {
            me.Answers($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal(reason, (await ExamineAsync(Jwt.For("ann"), ("VERIFY_USER_URL", $"{me.Address}me"))).Reason);
        }

        using var key = RSA.Create(2048);
        var away = await ExamineAsync(Jwt.Rs256("ann", key), ("JWT_JWKS_URL", "http://127.0.0.1:9/jwks"));
        Assert.Equal("unknown", away.Reason);
        Assert.Contains("http://127.0.0.1:9/jwks cannot be fetched", away.Detail, StringComparison.Ordinal);
    }

    /// <summary>Neither store runs, and the setting of one is missing.</summary>
    [Theory]
    [InlineData(false, 0, "Accepted: as user ann; signed by HS256")]
    [InlineData(true, 0, "\"user_id\": \"ann\"")]
    [InlineData(false, 1, "Rejected (signature): no key of JWT_SECRET made the signature")]
    [InlineData(true, 1, "\"reason\": \"signature\"")]
    [Trait("Speed", "Slow")]
    public async Task The_doctor_reads_a_JWT_from_standard_input_and_needs_no_store(bool json, int exitCode, string said)
    {
        var jwt = exitCode == 0 ? Jwt.For("ann") : Jwt.For("ann", secret: new string('x', 40));
        var file = Path.Combine(TempFolder.Create("jwt"), "jwt");
        await File.WriteAllTextAsync(file, jwt + "\n");
        var settings = TestSettings.Embedded(("EMBEDDED", null), ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("REDIS_URL", "redis://127.0.0.1:9"), ("DATABASE_URL", "mysql://x"));

        var (code, output, errors) = await GatewayProcess.RunAsync(["doctor", "--jwt", "-", .. json ? (string[])["--json"] : []], settings,
            $"exec < {file}");

        Assert.True(code == exitCode, output + errors);
        Assert.Equal("", errors);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.All(jwt.Split('.'), part => Assert.DoesNotContain(part, output, StringComparison.Ordinal));
        if (json) Assert.Equal(exitCode == 0, JsonDocument.Parse(output).RootElement.GetProperty("believed").GetBoolean());
    }

    [Theory]
    [InlineData("doctor --jwt {0}")]
    [InlineData("doctor --jwt={0}")]
    [InlineData("doctor --json --jwt {0}")]
    [Trait("Speed", "Slow")]
    public async Task A_JWT_among_the_arguments_is_not_repeated(string arguments)
    {
        var jwt = Jwt.For("ann");

        var (code, output, errors) = await GatewayProcess.RunAsync(string.Format(null, arguments, jwt).Split(' '), TestSettings.Embedded());

        Assert.Equal(64, code);
        Assert.Contains("gateway doctor --jwt -", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(jwt.Split('.')[1], output + errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_configuration_that_cannot_be_read_is_the_reason_why_a_JWT_is_rejected()
    {
        var (code, output, errors) = await GatewayProcess.RunAsync(
            ["doctor", "--jwt", "-"],
            TestSettings.Embedded(),
            "folder=$(mktemp -d) && cd \"$folder\" && rmdir \"$folder\"; exec < /dev/null");

        Assert.True(code == 1, $"{code}: {output}\n{errors}");
        Assert.StartsWith("Rejected (settings): The gateway cannot start: ", output, StringComparison.Ordinal);
    }

    internal static async Task<JwtFinding> ExamineAsync(string input, params (string Name, string? Value)[] changes)
    {
        var settings = new SettingsReader(TestSettings.Configuration(TestSettings.Embedded(changes)));
        await using var services = new ServiceCollection()
            .AddLogging().AddSingleton(TimeProvider.System).AddUsers(settings).BuildServiceProvider();
        settings.ThrowIfFaulty();
        return await services.GetRequiredService<JwtDiagnosis>().ExamineAsync(input);
    }
}
