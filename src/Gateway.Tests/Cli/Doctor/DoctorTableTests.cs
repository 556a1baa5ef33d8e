using System.Text.RegularExpressions;
using FathomGateway.Cli.Doctor;
using FathomGateway.Tests.Documents;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Cli;

public sealed partial class DoctorTableTests
{
    [Fact]
    public async Task Every_documented_setting_is_in_the_doctors_table_with_its_documented_default()
    {
        // As little as a start takes, so that as much as can be is left to its default.
        var (_, output, errors) = await GatewayProcess.RunAsync(["doctor"], new Dictionary<string, string?>
        {
            ["FATHOM_CLIENT_ID"] = "id",
            ["FATHOM_CLIENT_SECRET"] = "a-secret",
            ["FATHOM_REDIRECT_URI"] = TestSettings.RedirectUri,
            ["FRONTEND_URL"] = TestSettings.FrontendUrl,
            ["FATHOM_TOKEN_URL"] = "http://127.0.0.1:9",
            ["JWT_SECRET"] = TestSettings.JwtSecret,
            ["EMBEDDED"] = "true",
            ["DATA_DIR"] = TempFolder.Create("data"),
        });
        var rows = Row().Matches(output)
            .ToDictionary(row => row.Groups[1].Value, row => (Origin: row.Groups[3].Value, Value: row.Groups[2].Value));

        Assert.True(rows.Count > 40, output + errors);
        foreach (Match documented in Documented().Matches(new Document("docs/settings.md").Text))
        {
            // A condition, such as "on where", begins with a word.
            var defaults = documented.Groups[2].Value.TrimStart().StartsWith('`')
                ? InQuotes().Matches(documented.Groups[2].Value).Select(one => one.Groups[1].Value).ToArray()
                : [];
            foreach (var (index, name) in InQuotes().Matches(documented.Groups[1].Value).Select(one => one.Groups[1].Value).Index())
            {
                Assert.True(rows.TryGetValue(name, out var row), $"{name} is missing:\n{output}");
                if (row.Origin != "default" || defaults.Length == 0) continue;
                Assert.True(row.Value == defaults[Math.Min(index, defaults.Length - 1)] || documented.Groups[2].Value.Contains(
                    row.Value,
                    StringComparison.Ordinal), $"{name} is {row.Value} by default, and documented as {documented.Groups[2].Value}");
            }
        }

        Assert.Equal(("environment", TestSettings.FrontendUrl), rows["FRONTEND_URL"]);
        Assert.Equal(("environment", "set"), rows["FATHOM_CLIENT_SECRET"]);
        Assert.Equal("yarp.json", rows["BACKEND_URL"].Origin);
        Assert.Equal(("FATHOM_PROVIDER usefathom", "https://api.usefathom.com/v1"), rows["FATHOM_API_URL"]);
        Assert.Equal(("default", "fathom-gateway"), rows["OTEL_SERVICE_NAME"]);
        Assert.Equal(("not set", "-"), rows["JWT_PUBLIC_KEY"]);
    }

    [Fact]
    public async Task The_doctors_table_names_a_secrets_file_by_its_variable_also_beside_faults()
    {
        var file = Path.Combine(TempFolder.Create("secrets"), "secret");
        await File.WriteAllTextAsync(file, "a-secret-canary\n");
        var (exitCode, output, _) = await GatewayProcess.RunAsync(
            ["doctor"], TestSettings.Embedded(("FATHOM_CLIENT_SECRET", null), ("FATHOM_CLIENT_SECRET_FILE", file), ("PORT", "x")));

        Assert.Equal(1, exitCode);
        Assert.Matches(@"FATHOM_CLIENT_SECRET +set  \(file named by FATHOM_CLIENT_SECRET_FILE\)\n", output);
        Assert.Matches("FAIL +PORT +is not a port", output);
        Assert.DoesNotContain("a-secret-canary", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    public void No_line_of_the_doctors_table_is_wider_than_the_terminal(int columns)
    {
        using var table = new StringWriter();
        string text = string.Join(' ', Enumerable.Repeat("what was found and what is to be done about it", 8));
        DoctorReport.WriteTable(table, new DoctorReport.Contents(
            [new("FATHOM_CLIENT_SECRET_AND_MORE", text, "file named by FATHOM")],
            [new("configuration", DoctorStatus.Fail, text)]), columns);

        var lines = Color().Replace($"{table}", "").Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, columns));
        Assert.Equal(16, Regex.Count(string.Join(' ', lines.Select(line => line.Trim())), "about"));
    }

    [Fact]
    public async Task The_doctors_progress_names_the_unfinished_checks_and_vanishes()
    {
        using var terminal = new StringWriter();
        var (progress, provider, backend) =
            (new DoctorProgress(terminal, watched: true), new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        var looks = new[] { progress.WatchAsync("provider", provider.Task), progress.WatchAsync("backend", backend.Task) };
        Assert.EndsWith("Looking at provider, backend …", $"{terminal}", StringComparison.Ordinal);
        provider.SetResult(1);
        await looks[0];
        Assert.EndsWith("Looking at backend …", $"{terminal}", StringComparison.Ordinal);
        backend.SetResult(2);

        Assert.Equal(2, await looks[1]);
        Assert.EndsWith("\r\e[K", $"{terminal}", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^  ([A-Z][A-Z0-9_]+) +(\S.*)  \((.+)\)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| (`[A-Z][^|]*)\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Documented();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InQuotes();

    [GeneratedRegex(@"\e\[\d+m")]
    private static partial Regex Color();
}
