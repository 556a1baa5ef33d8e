using FathomGateway.Cli.Doctor;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>This machine's clock compared with those of the partners.</summary>
[Trait("Speed", "Slow")]
public sealed class DoctorClockSkewTests
{
    [Theory]
    [InlineData("", DoctorStatus.Ok, "No check reported another clock")]
    [InlineData(
        "provider 0,backend -1,redis 1,postgres 30",
        DoctorStatus.Ok,
        "Agrees with: provider 0 s, backend -1 s, redis +1 s, postgres +30 s.")]
    [InlineData("provider 300", DoctorStatus.Fail, "This machine's clock is slow, against provider +300 s")]
    [InlineData("provider -300,backend -299,postgres 0", DoctorStatus.Fail, "This machine's clock is fast")]
    [InlineData("provider 0,backend 0,postgres 300", DoctorStatus.Warn, "postgres +300 s. Synchronise those that are off")]
    [InlineData("provider 300,backend -300", DoctorStatus.Warn, "Not all clocks agree")]
    internal void The_doctor_blames_this_machines_clock_when_most_others_disagree_with_it(string seen, DoctorStatus status, string words)
    {
        var finding = DoctorClockSkew.Judge(seen.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split(' '))
            .Select(one => Entry(one[0], double.Parse(one[1], System.Globalization.CultureInfo.InvariantCulture)))
            .Append(Entry("site", null)));

        Assert.Equal(status, finding.Status);
        Assert.Contains(words, finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_compares_the_clock_with_provider_backend_Redis_and_PostgreSQL()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        await postgres.SkewAsync("-300s");
        await using var early = RecordingBackend.Start();
        early.Answers(
            $"HTTP/1.1 400 Bad Request\r\nDate: {DateTimeOffset.UtcNow.AddSeconds(300):R}\r\nContent-Length: 25\r\n\r\n"
            + """{"error":"invalid_grant"}""");
        var settings = TestSettings.OnRealStores(
            redis.ConnectionString,
            $"{await postgres.CreateDatabaseAsync()}{PostgresTestDatabase.LongTimeouts}",
            ("FATHOM_TOKEN_URL", $"{early.Address}token"),
            ("BACKEND_URL", $"{early.Address}"));

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(["doctor"], settings);

        Assert.Matches(
            @"warn +clock +Not all clocks agree with this machine's: provider \+[23]\d\d s, redis [+-]?\d s, postgres -[23]\d\d s, "
                + @"backend \+[23]\d\d s",
            Sorted(output));
        Assert.True(exitCode == 0, output + errors);
    }

    /// <summary>The checks stand in the order in which the features register them, which does not matter.</summary>
    private static string Sorted(string output)
    {
        var line = output.Split('\n').Single(one => one.Contains(" clock ", StringComparison.Ordinal));
        var start = line.IndexOf(": ", StringComparison.Ordinal) + 2;
        string[] order = ["provider", "redis", "postgres", "backend"];
        return line[..start]
            + string.Join(", ", line[start..].Split(". ")[0].Split(", ").OrderBy(one => Array.IndexOf(order, one.Split(' ')[0])));
    }

    private static KeyValuePair<string, HealthReportEntry> Entry(string name, double? seconds) => new(
        name, new HealthReportEntry(
            HealthStatus.Healthy,
            null,
            TimeSpan.Zero,
            null,
            ClockSkew.Data(seconds is { } some ? DateTimeOffset.UnixEpoch.AddSeconds(some) : null, DateTimeOffset.UnixEpoch)));
}
