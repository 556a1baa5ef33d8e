using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>The same of whole processes: what a shell sees, and how they end.</summary>
[Trait("Speed", "Slow")]
public sealed class StartProcessTests
{
    [Theory]
    [InlineData("DATABASE_URL", "postgresql://u:pa?kq7zvxwj4@h/db", "DATABASE_URL")]
    [InlineData("DATABASE_URL", "Host=127.0.0.1;Minimum Pool Size=25;Maximum Pool Size=10", "DATABASE_URL")]
    [InlineData("ReverseProxy__Clusters__backend__HttpRequest__ActivityTimeout", "kq7zvxwj4", "ReverseProxy (yarp.json)")]
    public async Task A_start_with_a_wrong_value_ends_with_78_and_one_message_without_the_value(string name, string value, string named)
    {
        var settings = TestSettings.Embedded(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), ("TOKEN_ENCRYPTION_KEYS", TestSettings.NewKey("k1")), (name, value));

        var (exitCode, output, errors) = await GatewayProcess.RunAsync([], settings);

        Assert.True(exitCode == 78, $"{exitCode}: {output}{errors}");
        Assert.Contains($"\n  {named}  ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.Null(MarkedSettingValue.In(output + errors));
    }

    [Fact]
    public async Task The_doctor_shows_no_part_of_a_settings_value_as_JSON()
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(["doctor", "--json"], TestSettings.Embedded(
            ("DATABASE_URL", "Host=h;Password=a;kq7zvxwj4;Database=d"),
            ("REDIS_URL", "redis://u:1/kq7zvxwj4@h"),
            ("FRONTEND_URL", "https://app.example.test:kq7zvxwj4")));

        Assert.Equal((1, ""), (exitCode, errors));
        using var report = JsonDocument.Parse(output);
        var subjects =
            report.RootElement.GetProperty("findings").EnumerateArray().Select(one => one.GetProperty("subject").GetString()).ToArray();
        Assert.Superset(new HashSet<string?>(["DATABASE_URL", "REDIS_URL", "FRONTEND_URL"]), new HashSet<string?>(subjects));
        Assert.Null(MarkedSettingValue.In(output));
    }
}
